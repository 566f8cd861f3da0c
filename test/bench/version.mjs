import { bin, interleave, runProgram } from './measure.mjs'

/** `mantissa --version` against a Node that does nothing. */
export async function measureVersion() {
  const [ours, floor] = await interleave(20, [() => runProgram([bin, '--version']), () => runProgram(['-e', '0'])])
  return [
    {
      what: '--version against node -e 0',
      value: ours / floor,
      unit: '×',
      target: 1.6,
      detail: `${ours.toFixed(1)} ms, floor ${floor.toFixed(1)} ms, medians of 20 interleaved runs`,
    },
  ]
}
