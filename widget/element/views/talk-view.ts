import { html, nothing, type TemplateResult } from 'lit';
import { lineOf } from '../../call/call-state.ts';
import { hangUp, microphone, microphoneOff, send } from '../icons.ts';
import { bookingView } from './booking-view.ts';
import type { View } from './view.ts';

/** Longest typed message. The contract allows 4,000; a turn of speech is shorter. */
const MAX_MESSAGE_CHARACTERS = 1_000;

/** The conversation itself, by voice or by typing. */
export function talkView(view: View): TemplateResult {
  const { state, strings } = view;
  return html`<div class="talk">
    ${state.mode === 'voice' ? voiceStrip(view) : nothing} ${notices(view)} ${captions(view)}
    ${state.bookings.map((booking) => bookingView(booking, view))} ${composer(view)}
    <div class="controls">
      ${state.mode === 'voice' ? muteButton(view) : nothing}
      <button
        class=${state.mode === 'voice' ? 'hang-up' : 'secondary'}
        part="hang-up"
        type="button"
        ?disabled=${state.ending}
        @click=${view.actions.hangUp}
      >
        ${hangUp}${state.mode === 'voice' ? strings.hangUp : strings.endChat}
      </button>
    </div>
  </div>`;
}

/** What the agent is doing, or what the line is doing, whichever matters more. */
export function statusOf({ state, strings }: View): string {
  if (state.ending) return strings.endingState;
  const line = lineOf(state);
  if (line !== 'up') return strings[line];
  if (state.muted && state.agent === 'listening') return strings.mutedState;
  return strings.agentState[state.agent];
}

function voiceStrip(view: View): TemplateResult {
  const { state, strings } = view;
  const line = lineOf(state);
  const look = line === 'up' ? (state.muted && state.agent === 'listening' ? 'muted' : state.agent) : 'waiting';
  const waits = line === 'connecting' && !state.ending;
  const hint = waits ? html`<span class="small">${strings.connectingHint}</span>` : nothing;
  return html`<div class="voice" data-look=${look}>
    <span class="orb" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></span>
    <p>${statusOf(view)}${hint}</p>
  </div>`;
}

function notices({ state, strings, actions }: View): TemplateResult {
  const line = lineOf(state);
  return html`<div class="notices" role="status">
    ${line === 'up' ? nothing : html`<p class=${state.mode === 'voice' ? 'unseen' : 'notice'}>${strings[line]}</p>`}
    ${state.notice === null ? nothing : html`<p class="notice">${state.notice.message} ${state.notice.action}</p>`}
    ${
      state.soundBlocked
        ? html`<p class="notice">
            ${strings.soundBlocked}
            <button class="plain" type="button" @click=${() => actions.unblockSound()}>${strings.soundOn}</button>
          </p>`
        : nothing
    }
  </div>`;
}

/**
 * Final words stand in a live log. Words that may still change stand outside of it: a screen reader would read every
 * version of them.
 */
function captions({ state, strings }: View): TemplateResult {
  const bubble = ({ id, who, text, final }: View['state']['captions'][number]): TemplateResult =>
    html`<p class="caption ${who} ${final ? '' : 'interim'}" part="caption" data-id=${id}>
      <b>${who === 'agent' ? state.agentName : strings.you}</b> <span dir="auto">${text}</span>
    </p>`;
  const typing = state.mode === 'text' && state.agent === 'thinking' && !state.ending;
  return html`<div class="captions" data-captions tabindex="0" role="region" aria-label=${strings.captions}>
    <div class="log" role="log" aria-live="polite">${state.captions.filter(({ final }) => final).map(bubble)}</div>
    <div class="log" aria-hidden="true">
      ${state.captions.filter(({ final }) => !final).map(bubble)}
      ${typing ? html`<p class="caption agent dots"><i></i><i></i><i></i></p>` : nothing}
    </div>
  </div>`;
}

function composer({ state, strings, actions }: View): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = event.currentTarget instanceof HTMLFormElement ? event.currentTarget.querySelector('input') : null;
    if (field === null) return;
    actions.say(field.value);
    field.value = '';
  };
  return html`<form class="composer" @submit=${submit}>
    <input
      type="text"
      autocomplete="off"
      enterkeyhint="send"
      dir="auto"
      maxlength=${MAX_MESSAGE_CHARACTERS}
      aria-label=${strings.message}
      placeholder=${strings.messageHint}
      ?data-focus=${state.mode === 'text'}
      @input=${() => actions.typing()}
      ?disabled=${state.ending}
    />
    <button type="submit" class="send" aria-label=${strings.send} title=${strings.send} ?disabled=${state.ending}>
      ${send}
    </button>
  </form>`;
}

function muteButton({ state, strings, actions }: View): TemplateResult {
  return html`<button
    class="secondary"
    part="mute"
    type="button"
    data-focus
    ?data-muted=${state.muted}
    aria-keyshortcuts="Alt+M"
    title=${strings.muteHint}
    ?disabled=${state.ending}
    @click=${() => actions.toggleMute()}
  >
    ${state.muted ? microphoneOff : microphone}${state.muted ? strings.unmute : strings.mute}
  </button>`;
}
