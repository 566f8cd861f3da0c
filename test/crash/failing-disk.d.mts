export function canFail(): boolean

export function compileFailingDisk(directory: string): string
