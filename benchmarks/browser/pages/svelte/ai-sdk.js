import { mount } from 'svelte'
import Chat from './ai-sdk.svelte'

mount(Chat, { target: document.querySelector('#root') })
