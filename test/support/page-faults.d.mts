/** See `page-faults.mjs`; both are to be run in a page. */
export function findFaults(): string[]
export function findFocus(): { text: string; outline: string }
