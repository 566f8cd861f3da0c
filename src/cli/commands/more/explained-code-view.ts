import type { Explanation } from '../../explanations/explanation.js'
import type { View } from '../../view.js'

export interface ExplainedCode extends Explanation {
  readonly code: string
}

export const explainedCodeView: View<ExplainedCode> = {
  code: { title: 'code', value: ({ code }) => code },
  meaning: { title: 'meaning', value: ({ meaning }) => meaning },
  remedy: { title: 'what to do', value: ({ remedy }) => remedy, jsonOnly: true },
}
