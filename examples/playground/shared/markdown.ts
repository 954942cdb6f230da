import DOMPurify from 'dompurify'
import { marked } from 'marked'
import remend from 'remend'

/** Markdown that may be cut off anywhere → HTML that is safe to show. A model's output is not to be trusted. */
export const toHtml = (markdown: string): string =>
  DOMPurify.sanitize(marked.parse(remend(markdown), { async: false }), { FORBID_TAGS: ['style', 'form', 'input', 'img'] })
