/** For tsc; svelte-check knows the components themselves. */
declare module '*.svelte' {
  import type { Component } from 'svelte'
  const component: Component<any>
  export default component
}
