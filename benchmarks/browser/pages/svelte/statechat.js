import { mount } from 'svelte'
import Chat from './statechat.svelte'

mount(Chat, { target: document.querySelector('#root') })
