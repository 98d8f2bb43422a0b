import type { Lead } from '../../contract/lead.ts';
import { isNumberWord } from '../capture/number-words.ts';

/** So many figures in a row are a number by which somebody can be found, not a size or a sum. */
const minFigures = 5;

/** What somebody said without the name, numbers and addresses by which they could be found. */
export function withoutPrivateParts(text: string, lead: Lead): string {
  const masked = text
    .replaceAll(/\S*@\S*/g, '[address]')
    .replaceAll(/\+?\d[\d\s().-]{5,}\d/g, '[number]')
    .split(/(\s+)/);
  return named(spokenNumbers(masked).join(''), lead);
}

/** Digits said one by one: "three oh three five five five …". */
function spokenNumbers(parts: readonly string[]): string[] {
  const result: string[] = [];
  let run: string[] = [];
  const end = () => {
    const figures = run.filter((part) => part.trim() !== '').length;
    result.push(...(figures >= minFigures ? ['[number]', ' '] : run));
    run = [];
  };
  for (const part of parts) {
    const word = part.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
    const isSpace = part.trim() === '';
    if (isSpace ? run.length > 0 : isNumberWord(word) || ['oh', 'double', 'triple', 'nought'].includes(word))
      run.push(part);
    else {
      end();
      result.push(part);
    }
  }
  end();
  return result;
}

function named(text: string, { name }: Lead): string {
  if (name === undefined) return text;
  const parts = name.split(/[\s-]+/).filter((part) => part.length >= 2);
  const known = new Set(parts.map((part) => part.toLowerCase()));
  return text.replaceAll(/[\p{L}']+/gu, (word) => (known.has(word.toLowerCase()) ? '[name]' : word));
}
