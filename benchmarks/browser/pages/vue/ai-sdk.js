import { createApp } from 'vue'
import Chat from './ai-sdk.vue'

createApp(Chat).mount('#root')
