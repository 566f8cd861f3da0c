const TRIES = 5

/**
 * How many milliseconds each of the works takes at its quickest, whether it succeeds or fails. They are tried in turn: what
 * else the machine does makes a try longer, never shorter, and meets all of them alike.
 */
export async function quickestOf<const Works extends readonly (() => Promise<unknown>)[]>(
  ...works: Works
): Promise<{ [Each in keyof Works]: number }> {
  const times = works.map(() => Number.POSITIVE_INFINITY)
  for (let tried = 0; tried < TRIES; tried += 1)
    for (const [index, work] of works.entries()) times[index] = Math.min(times[index] as number, await timeOf(work))
  return times as { [Each in keyof Works]: number }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work().catch(() => undefined)
  return performance.now() - begin
}
