/** Longer prompts are cut by the models themselves: whisper reads its last 224 tokens. */
const maxPromptLength = 800;
const maxKeywords = 100;

/** How a transcription model is told what may come up. */
export interface VocabularyHint {
  readonly prompt?: string;
  readonly keywords?: string[];
}

/** @param vocabulary names and words of the business, the most telling first. */
export function vocabularyHint(model: string, vocabulary: readonly string[]): VocabularyHint {
  if (vocabulary.length === 0 || model.includes('diarize') || model.startsWith('gpt-realtime')) return {};
  if (model.startsWith('gpt-transcribe') || model.startsWith('gpt-live-transcribe')) {
    return { keywords: vocabulary.slice(0, maxKeywords) };
  }
  const list = joinedUpTo(maxPromptLength, vocabulary);
  // whisper takes the prompt for what was said before; the others read it as an instruction.
  return { prompt: model.startsWith('whisper') ? list : `A sales call. Words that may come up: ${list}.` };
}

function joinedUpTo(maxLength: number, words: readonly string[]): string {
  let list = '';
  for (const word of words) {
    const longer = list === '' ? word : `${list}, ${word}`;
    if (longer.length > maxLength) break;
    list = longer;
  }
  return list;
}
