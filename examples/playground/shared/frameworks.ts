/** The pages of the playground: the same screen in each framework. */
export const FRAMEWORKS = [
  { name: 'React', path: '/react/' },
  { name: 'Vue', path: '/vue/' },
  { name: 'Svelte', path: '/svelte/' },
  { name: 'Solid', path: '/solid/' },
] as const
