import { describe, expect, test } from 'vitest';
import { grammarWords, replyGrammar } from './reply-grammar.ts';

const line = (grammar: string, rule: string): string => grammar.split('\n').find((text) => text.includes(rule)) ?? '';

describe('replyGrammar', () => {
  test('asks for exactly so many digits, or a way out', () => {
    const rule = line(replyGrammar({ kind: 'digits', count: 3, except: [] }), 'public <reply>');
    expect(rule).toBe('public <reply> = /1/ <digit> <digit> <digit> | /0.05/ <out>;');
  });

  test('one or two digits have no way out beside them that sounds like them', () => {
    expect(line(replyGrammar({ kind: 'digits', count: 1, except: [] }), 'public <reply>')).toBe(
      'public <reply> = <digit>;',
    );
  });

  test('leaves out what no number begins with', () => {
    const rule = line(replyGrammar({ kind: 'digits', count: 2, except: ['0', '1'] }), 'public <reply>');
    expect(rule).not.toMatch(/zero|oh|one/);
    expect(rule).toContain('/1/ two | /1/ three');
  });

  test('leaves out what the caller has denied, and nothing else', () => {
    const rule = line(replyGrammar({ kind: 'digits', count: 2, except: ['38'] }), 'public <reply>');
    const afterThree = /\( \/1\/ three \) \( (.*?) \)/.exec(rule)?.[1] ?? '';
    expect(afterThree).toContain('/1/ seven');
    expect(afterThree).not.toContain('eight');
    expect(rule.replace(afterThree, '')).toContain('/1/ eight');
  });

  test('a grammar that would allow nothing allows everything', () => {
    const every = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    expect(line(replyGrammar({ kind: 'digits', count: 1, except: every }), 'public')).toBe('public <reply> = <digit>;');
  });

  test('a read-back is answered by yes, no, or what is right', () => {
    const grammar = replyGrammar({ kind: 'confirm-digits', count: 2 });
    expect(grammar).toContain('<digit> not <digit> | <digit> <digit>');
    for (const word of grammar.match(/\b[a-z']+\b/g) ?? []) {
      const isName = new RegExp(`<[a-z-]*${word}|${word}[a-z-]*>`).test(grammar);
      if (!isName && !['public', 'grammar', 'reply'].includes(word)) expect(grammarWords).toContain(word);
    }
  });
});
