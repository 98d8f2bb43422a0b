import { adoptStyles, html, type TemplateResult } from 'lit';
import { is } from 'valibot';
import { Locale } from '../../contract/primitives.ts';
import type { CallMode } from '../../contract/session.ts';
import { Call } from '../call/call.ts';
import { browserClock } from '../call/clock.ts';
import { ControlPlane } from '../call/control-plane.ts';
import { failureCode } from '../call/failure.ts';
import { openMicrophone } from '../media/microphone.ts';
import { openWebSocket } from '../signaling/socket.ts';
import type { ParleyEvents } from './events/parley-events.ts';
import { close, minimise } from './icons.ts';
import { launcherStyles } from './launcher-styles.ts';
import { panelStyles } from './panel-styles.ts';
import type { ParleyCall } from './parley-call.ts';
import { loadStrings } from './strings/load.ts';
import type { Strings } from './strings/strings.ts';
import { talkStyles } from './talk-styles.ts';
import { theme } from './theme.ts';
import { consentView } from './views/consent-view.ts';
import { endedView } from './views/ended-view.ts';
import { statusOf, talkView } from './views/talk-view.ts';
import { failureView, microphoneView } from './views/trouble-view.ts';
import type { PanelActions, View } from './views/view.ts';

/** Below this the panel is a sheet over the whole page, and modal. As in panel-styles. */
const SHEET = '(max-width: 480px)';
const STILL = '(prefers-reduced-motion: reduce)';
/** Nearer to the end than this, the conversation follows its newest words. */
const NEAR_END_PX = 48;

/** What opens on the button: draws the call into the element's shadow root, and turns the visitor's hands into calls. */
export class CallPanel implements PanelActions {
  readonly #host: ParleyCall;
  readonly #strings: Strings;
  readonly #call: Call;
  readonly #audio = document.createElement('audio');
  /** The screen whose heading has had the focus. */
  #focusedScreen = '';
  #levelFrame = 0;
  /** False while the visitor reads further up. */
  #followsCaptions = true;
  isOpen = false;

  static async create(host: ParleyCall): Promise<CallPanel> {
    const strings = await loadStrings(host.language);
    const root = host.renderRoot;
    if (root instanceof ShadowRoot) adoptStyles(root, [theme, launcherStyles, panelStyles, talkStyles]);
    return new CallPanel(host, strings);
  }

  private constructor(host: ParleyCall, strings: Strings) {
    this.#host = host;
    this.#strings = strings;
    this.#call = new Call({
      business: host.business,
      pageUrl: location.origin + location.pathname,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: is(Locale, host.pageLang) ? host.pageLang : undefined,
      audio: this.#audio,
      controlPlane: new ControlPlane(host.origin, (input, init) => fetch(input, init)),
      clock: browserClock,
      openSocket: openWebSocket,
      openMicrophone: () => openMicrophone({ isSecureContext, mediaDevices: navigator.mediaDevices }),
      loadMedia: async () => (await import('../media/call-media.ts')).createMediaLink,
      listener: {
        state: () => host.requestUpdate(),
        started: (callId) => this.#tell('parley-call-start', { callId }),
        booked: ({ serviceName, startMs, endMs, timeZone, icsUrl }) =>
          this.#tell('parley-booked', { serviceName, startMs, endMs, timeZone, icsUrl }),
        ended: (callId, outcome) => {
          this.#tell('parley-call-end', { callId, outcome });
          this.open();
        },
        failed: (failure) => this.#tell('parley-error', { code: failureCode(failure) }),
      },
    });
  }

  get inCall(): boolean {
    return this.#call.state.phase === 'talking';
  }

  /** Nothing is going on that a fresh panel would cut off. */
  get idle(): boolean {
    return !this.isOpen && !this.inCall;
  }

  open(): void {
    const { phase } = this.#call.state;
    if (!this.isOpen && phase !== 'talking' && phase !== 'ended') void this.#call.load();
    const dialog = this.#dialog;
    // The element may be on its way out of the page.
    if (dialog?.isConnected !== true || this.isOpen) return;
    if (matchMedia(SHEET).matches) dialog.showModal();
    else dialog.showPopover();
    this.isOpen = true;
    this.#focusedScreen = '';
    this.#tell('parley-open', null);
    this.#host.requestUpdate();
  }

  /** A running call goes on behind the button; anything else is over. */
  dismiss(): void {
    if (!this.isOpen) return;
    this.#hide();
    if (!this.inCall) this.#call.leave();
    this.#host.renderRoot.querySelector<HTMLElement>('.launcher')?.focus();
  }

  /** The element or its page goes away, and takes the call with it. */
  leave(): void {
    this.#hide();
    this.#call.leave();
  }

  start(mode: CallMode): void {
    void this.#call.start(mode);
  }

  reload(): void {
    void this.#call.load();
  }

  say(text: string): void {
    this.#call.say(text);
  }

  typing(): void {
    this.#call.typing();
  }

  toggleMute(): void {
    this.#call.setMuted(!this.#call.state.muted);
  }

  readonly hangUp = (): void => this.#call.hangUp();

  unblockSound(): void {
    this.#call.unblockSound();
  }

  /** After each drawing: the focus follows the screens, the conversation shows its newest words. */
  updated(): void {
    const { phase } = this.#call.state;
    if (this.isOpen && phase !== this.#focusedScreen) {
      this.#focusedScreen = phase;
      this.#dialog?.querySelector<HTMLElement>('[data-focus]')?.focus({ preventScroll: true });
    }
    const captions = this.#captions;
    if (this.#followsCaptions) captions?.scrollTo({ top: captions.scrollHeight });
    this.#runMeter();
  }

  render(): TemplateResult {
    const captions = this.#captions;
    this.#followsCaptions =
      captions === null || captions.scrollHeight - captions.scrollTop - captions.clientHeight < NEAR_END_PX;
    const { state } = this.#call;
    const strings = this.#strings;
    const view: View = {
      state,
      strings,
      language: this.#host.language,
      actions: this,
      origin: this.#host.origin,
    };
    const name = state.config?.businessName ?? '';
    return html`<dialog
        popover="manual"
        part="panel"
        aria-labelledby="title"
        lang=${this.#host.language}
        @keydown=${this.#onKey}
        @cancel=${this.#onCancel}
      >
        <header>
          <span class="avatar" aria-hidden="true">${state.agentName.slice(0, 1)}</span>
          <div class="who" id="title">
            <b>${name === '' ? strings.assistant : name}</b>
            <span>${this.#subtitle(view)}</span>
          </div>
          <button
            class="round"
            type="button"
            aria-label=${this.inCall ? strings.minimise : strings.close}
            title=${this.inCall ? strings.minimise : strings.close}
            @click=${() => this.dismiss()}
          >
            ${this.inCall ? minimise : close}
          </button>
        </header>
        ${screenOf(view)}
      </dialog>
      ${this.#audio}`;
  }

  #hide(): void {
    const dialog = this.#dialog;
    if (dialog?.matches(':popover-open') === true) dialog.hidePopover();
    else dialog?.close();
    this.isOpen = false;
    this.#host.requestUpdate();
  }

  #subtitle(view: View): string {
    const { state, strings } = view;
    if (state.agentName === '') return '';
    const role = `${state.agentName} · ${strings.assistant}`;
    return state.phase === 'talking' && state.mode === 'text' && state.agent !== 'listening' ? statusOf(view) : role;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.#host.renderRoot.querySelector('dialog');
  }

  get #captions(): Element | null {
    return this.#dialog?.querySelector('[data-captions]') ?? null;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.dismiss();
    } else if (event.altKey && event.code === 'KeyM' && this.inCall) {
      event.preventDefault();
      this.toggleMute();
    }
  };

  readonly #onCancel = (event: Event): void => {
    event.preventDefault();
    this.dismiss();
  };

  /** Moves the bars with the visitor's voice while the agent listens. */
  #runMeter(): void {
    const wanted = this.isOpen && this.inCall && this.#call.state.mode === 'voice';
    if (!wanted || this.#levelFrame !== 0 || matchMedia(STILL).matches) return;
    const step = (): void => {
      const orb = this.#dialog?.querySelector<HTMLElement>('.orb');
      this.#levelFrame = 0;
      if (orb === null || orb === undefined || !this.isOpen) return;
      orb.style.setProperty('--_level', this.#call.microphoneLevel.toFixed(2));
      this.#levelFrame = requestAnimationFrame(step);
    };
    this.#levelFrame = requestAnimationFrame(step);
  }

  #tell<Type extends keyof ParleyEvents>(type: Type, detail: ParleyEvents[Type]['detail']): void {
    this.#host.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function screenOf(view: View): TemplateResult {
  const { state, strings } = view;
  switch (state.phase) {
    case 'loading':
      return waiting(strings.loading);
    case 'consent':
      return consentView(view);
    case 'microphone':
      return microphoneView(view);
    case 'connecting':
      return waiting(state.mode === 'voice' ? strings.askingMicrophone : strings.connecting);
    case 'talking':
      return talkView(view);
    case 'ended':
      return endedView(view);
    case 'failed':
      return failureView(view);
    default:
      return state.phase satisfies never;
  }
}

const waiting = (text: string): TemplateResult =>
  html`<div class="screen waiting" role="status">
    <span class="spinner" aria-hidden="true"></span>
    <p tabindex="-1" data-focus>${text}</p>
  </div>`;
