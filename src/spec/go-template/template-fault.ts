/** A fault in a template, or while rendering it; worded as Go's. Thrown within this folder only. */
export class TemplateFault extends Error {}

/** Thrown by a function that needs what is only known later: the whole text is then unknown. */
export class NotYetKnown extends Error {}
