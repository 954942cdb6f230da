export type Theme = 'light' | 'dark'

/** Lays the theme over what the system asks for: style.css follows the attribute. */
export function setTheme(theme: Theme): { theme: Theme } {
  document.documentElement.dataset['theme'] = theme
  return { theme }
}
