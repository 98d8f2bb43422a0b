import { css } from 'lit';

/** The conversation: the agent's state, the captions, the controls. */
export const talkStyles = css`
  .talk {
    display: flex;
    flex: 1 1 600px;
    flex-direction: column;
    min-block-size: 0;
  }
  .voice {
    align-items: center;
    display: flex;
    flex: none;
    gap: 14px;
    justify-content: center;
    padding: 16px;
  }
  .voice p {
    font-weight: 600;
  }
  .voice .small {
    display: block;
    font-weight: 400;
  }
  .orb {
    align-items: center;
    background: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
    block-size: 64px;
    border-radius: 50%;
    display: flex;
    flex: none;
    gap: 4px;
    inline-size: 64px;
    justify-content: center;
  }
  .orb i {
    --_reach: 1;
    background: var(--_accent);
    block-size: 28px;
    border-radius: 2px;
    inline-size: 4px;
    transform: scaleY(0.15);
  }
  .orb i:nth-child(2n) {
    --_reach: 0.75;
  }
  .orb i:nth-child(4n + 1) {
    --_reach: 0.45;
  }
  [data-look='listening'] .orb i {
    transform: scaleY(calc(0.15 + var(--_level, 0) * var(--_reach)));
    transition: transform 0.08s linear;
  }
  [data-look='speaking'] .orb {
    background: var(--_accent);
  }
  [data-look='speaking'] .orb i {
    background: var(--_on-accent);
    transform: scaleY(calc(0.2 + 0.6 * var(--_reach)));
  }
  [data-look='muted'] .orb i,
  [data-look='waiting'] .orb i {
    background: var(--_muted);
  }
  @media (prefers-reduced-motion: no-preference) {
    [data-look='speaking'] .orb i {
      animation: speak 0.9s ease-in-out infinite alternate;
    }
    [data-look='thinking'] .orb i,
    [data-look='waiting'] .orb i,
    .dots i {
      animation: think 1.1s ease-in-out infinite;
    }
    .orb i:nth-child(2),
    .dots i:nth-child(2) {
      animation-delay: -0.85s !important;
    }
    .orb i:nth-child(3),
    .dots i:nth-child(3) {
      animation-delay: -0.6s !important;
    }
    .orb i:nth-child(4) {
      animation-delay: -0.35s !important;
    }
    .orb i:nth-child(5) {
      animation-delay: -0.1s !important;
    }
    @keyframes speak {
      from {
        transform: scaleY(0.25);
      }
    }
    @keyframes think {
      50% {
        opacity: 0.3;
      }
    }
  }

  .notices:not(:empty) {
    flex: none;
  }
  .notice {
    background: color-mix(in srgb, var(--_danger) 10%, var(--_surface));
    font-size: 0.9375rem;
    padding: 10px 16px;
  }
  .captions {
    background: var(--_sunken);
    border-block: 1px solid var(--_line);
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 3px;
    min-block-size: 96px;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 16px;
  }
  .captions:focus-visible {
    outline-offset: -2px;
  }
  .log {
    display: flex;
    flex-direction: column;
    gap: 3px;
  }
  .agent + .caller,
  .caller + .agent {
    margin-block-start: 9px;
  }
  .log:empty {
    display: none;
  }
  .caption {
    align-self: flex-start;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-end-start-radius: 4px;
    border-radius: 16px;
    max-inline-size: 88%;
    overflow-wrap: anywhere;
    padding: 9px 14px;
  }
  .caption.agent {
    border-end-start-radius: 4px;
  }
  .caption.caller {
    align-self: flex-end;
    background: var(--_accent);
    border-color: transparent;
    border-end-end-radius: 4px;
    color: var(--_on-accent);
  }
  .caption b {
    clip-path: inset(50%);
    position: absolute;
  }
  .caption.interim {
    border-style: dashed;
    font-style: italic;
  }
  .caption.caller.interim {
    background: var(--_surface);
    border-color: var(--_accent);
    color: var(--_text);
  }
  .dots {
    display: flex;
    gap: 5px;
    padding-block: 15px;
  }
  .dots i {
    background: var(--_muted);
    block-size: 7px;
    border-radius: 50%;
    inline-size: 7px;
  }
  .talk > .booking {
    background: var(--_surface);
    border-block-start: 0;
    border-inline: 0;
    border-radius: 0;
    flex: none;
  }

  .composer {
    align-items: center;
    display: flex;
    flex: none;
    gap: 8px;
    padding: 12px 16px 0;
  }
  .composer input {
    background: var(--_surface);
    border: 1px solid var(--_muted);
    border-radius: var(--_radius);
    color: inherit;
    flex: 1;
    font: inherit;
    min-block-size: 48px;
    min-inline-size: 0;
    padding: 8px 14px;
  }
  .composer input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  dialog .send {
    background: var(--_accent);
    color: var(--_on-accent);
    flex: none;
    inline-size: 48px;
    padding: 0;
  }
  .controls {
    display: flex;
    flex: none;
    gap: 8px;
    padding: 12px 16px max(16px, env(safe-area-inset-bottom));
  }
  .controls > * {
    flex: 1;
  }
  dialog .hang-up {
    background: var(--_danger);
    color: var(--_on-danger);
  }
  dialog [data-muted] {
    background: color-mix(in srgb, var(--_danger) 12%, var(--_surface));
    border-color: var(--_danger);
    color: var(--_danger);
  }
`;
