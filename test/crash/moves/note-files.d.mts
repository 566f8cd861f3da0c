export const NOTE_TABLE: string

export function notePath(writer: string, number: number): readonly string[]

export function lastPath(writer: string): readonly string[]

export function noteText(writer: string, number: number): string

export function numberOf(writer: string, text: string): number | undefined
