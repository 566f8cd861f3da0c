export interface Cell {
  readonly step: string
  readonly victim: string
  readonly moment: string
}

export const ONE_ROUND: number

export const WHOLE_MATRIX: number

/** What happens in a run; undefined instead of a cell where the real command moves the user. */
export function deal(seed: number, number: number): { readonly cell: Cell | undefined }
