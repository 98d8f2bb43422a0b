import { css } from 'lit';

const light = css`
  --_surface: var(--parley-surface, #ffffff);
  --_sunken: var(--parley-surface-sunken, #f3f5f8);
  --_text: var(--parley-text, #16202e);
  --_muted: var(--parley-text-muted, #53606f);
  --_line: var(--parley-line, #d6dce4);
  --_accent: var(--parley-accent, #2440c8);
  --_on-accent: var(--parley-on-accent, #ffffff);
  --_danger: var(--parley-danger, #b3261e);
  --_on-danger: var(--parley-on-danger, #ffffff);
  --_shadow: 0 1px 2px rgb(16 24 40 / 8%), 0 18px 48px -8px rgb(16 24 40 / 28%);
  color-scheme: light;
`;

const dark = css`
  --_surface: var(--parley-surface, #161b23);
  --_sunken: var(--parley-surface-sunken, #0f131a);
  --_text: var(--parley-text, #edf1f6);
  --_muted: var(--parley-text-muted, #a5b1c0);
  --_line: var(--parley-line, #333d4a);
  --_accent: var(--parley-accent, #a4b4ff);
  --_on-accent: var(--parley-on-accent, #101a4a);
  --_danger: var(--parley-danger, #ffb4ab);
  --_on-danger: var(--parley-on-danger, #5c0a06);
  --_shadow: 0 0 0 1px rgb(255 255 255 / 6%), 0 18px 48px rgb(0 0 0 / 60%);
  color-scheme: dark;
`;

/** Colours, radius and font: public properties with a default for each theme. */
export const theme = css`
  :host {
    ${light}
    --_radius: var(--parley-radius, 12px);
    --_font: var(--parley-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) {
      ${dark}
    }
  }
  :host([theme='dark']) {
    ${dark}
  }
`;
