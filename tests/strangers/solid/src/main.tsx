import { render } from 'solid-js/web'
import { Chat } from './chat'

render(() => <Chat />, document.getElementById('app')!)
