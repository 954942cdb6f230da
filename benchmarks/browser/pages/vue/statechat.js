import { createApp } from 'vue'
import Chat from './statechat.vue'

createApp(Chat).mount('#root')
