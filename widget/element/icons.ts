import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

const icon = (paths: SVGTemplateResult): TemplateResult =>
  html`<svg
    class="icon"
    viewBox="0 0 24 24"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${paths}
  </svg>`;

const microphoneBody = svg`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`;

export const microphone = icon(microphoneBody);
export const microphoneOff = icon(svg`${microphoneBody}<path d="M4 4l16 16"/>`);
export const hangUp = icon(
  svg`<path transform="rotate(135 12 12)" d="M6.6 3.5 4 5.2c-.7.5-1 1.3-.9 2.1.7 7 6.6 12.9 13.6 13.6.8.1 1.6-.2 2.1-.9l1.7-2.6c.4-.6.2-1.5-.4-1.9l-3.2-2a1.4 1.4 0 0 0-1.8.3l-1.2 1.5c-2-1-3.7-2.7-4.7-4.7l1.5-1.2c.5-.4.7-1.2.3-1.8l-2-3.2c-.4-.6-1.3-.8-1.9-.4Z" fill="currentColor" stroke="none"/>`,
);
export const close = icon(svg`<path d="M6 6l12 12M18 6 6 18"/>`);
export const minimise = icon(svg`<path d="m6 9.5 6 6 6-6"/>`);
export const send = icon(svg`<path d="M12 19.5v-15M5.5 11 12 4.5l6.5 6.5"/>`);
export const calendar = icon(
  svg`<rect x="3.5" y="5" width="17" height="15.5" rx="2.5"/><path d="M3.5 10h17M8 2.8v4M16 2.8v4M9 15.2l2.2 2.2 4-4.2"/>`,
);
export const keyboard = icon(
  svg`<rect x="2.5" y="6" width="19" height="12.5" rx="2.5"/><path d="M6.5 10h.01M10.2 10h.01M13.8 10h.01M17.5 10h.01M7.5 14.5h9"/>`,
);
export const warning = icon(svg`<path d="M12 4 2.8 20h18.4L12 4ZM12 10.5v4M12 17.3h.01"/>`);
export const check = icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`);
