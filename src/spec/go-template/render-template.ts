/** A rendered text; `unknown`: it needs a value that is only known later; `error`: worded as Go words it. */
export type Rendered = { readonly text: string } | { readonly unknown: true } | { readonly error: string };
