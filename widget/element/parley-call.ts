import { html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import type { CallPanel } from './call-panel.ts';
import { launcherStyles } from './launcher-styles.ts';
import { type Language, languageOf, launcherStrings } from './strings/launcher.ts';
import { theme } from './theme.ts';

const phone = svg`<path d="M6.6 3.5 4 5.2c-.7.5-1 1.3-.9 2.1.7 7 6.6 12.9 13.6 13.6.8.1 1.6-.2 2.1-.9l1.7-2.6c.4-.6.2-1.5-.4-1.9l-3.2-2a1.4 1.4 0 0 0-1.8.3l-1.2 1.5c-2-1-3.7-2.7-4.7-4.7l1.5-1.2c.5-.4.7-1.2.3-1.8l-2-3.2c-.4-.6-1.3-.8-1.9-.4Z" fill="currentColor"/>`;

/**
 * A button that opens a call with a business's voice agent. The call's code loads on the first click; the microphone
 * opens only after the visitor has accepted the disclosure.
 *
 * @slot - The button's text. "Talk to sales", in the page's language, unless given.
 *
 * @attr business - The business's id at the host. Required.
 * @attr host - Origin of the Parley host. The origin of this script unless given.
 * @attr lang - A BCP 47 tag. The panel is in English or Spanish, the agent in what the playbook has. The page's
 *   language unless given.
 * @attr theme - `light` or `dark`. The visitor's preference unless given.
 * @attr placement - `corner` floats the button over the page; otherwise it stands where the element does.
 *
 * @event parley-open - The panel has opened.
 * @event parley-call-start - A call is connected. `detail.callId`.
 * @event parley-booked - An appointment was booked. `detail`: service, time, calendar address.
 * @event parley-call-end - A call is over. `detail.callId`, `detail.outcome`.
 * @event parley-error - A call could not start. `detail.code`.
 *
 * @csspart button - The button in the page.
 * @csspart panel - The panel, `caption` - one of its speech bubbles, `primary` and `secondary` - its buttons.
 *
 * @cssproperty --parley-accent - Buttons, the visitor's own words.
 * @cssproperty --parley-on-accent - Text on the accent.
 * @cssproperty --parley-surface - The panel. Likewise `--parley-surface-sunken` behind the conversation.
 * @cssproperty --parley-text - Text. Likewise `--parley-text-muted`, `--parley-line`.
 * @cssproperty --parley-danger - Hang up, errors; `--parley-on-danger` - text on it.
 * @cssproperty --parley-radius - Corners of buttons and cards.
 * @cssproperty --parley-font - Font stack.
 */
export class ParleyCall extends LitElement {
  static override styles = [theme, launcherStyles];
  static override properties = { business: {}, host: {}, lang: {}, launch: { state: true } };

  /** Where calls go, unless the `host` attribute says otherwise. */
  static defaultHost = '';

  declare business: string;
  declare host: string | null;
  declare launch: 'idle' | 'opening' | 'unavailable';
  #panel: CallPanel | null = null;

  constructor() {
    super();
    this.business = '';
    this.host = null;
    this.launch = 'idle';
  }

  get origin(): string {
    return this.host ?? ParleyCall.defaultHost;
  }

  /** As the page writes it; empty where it says nothing. */
  get pageLang(): string {
    return this.lang || (this.closest<HTMLElement>('[lang]')?.lang ?? '');
  }

  get language(): Language {
    return languageOf(this.pageLang);
  }

  /** Opens the panel, as a click on the button does. Must follow a visitor's action for sound to be allowed. */
  async open(): Promise<void> {
    if (this.launch === 'opening') return;
    this.launch = 'opening';
    try {
      if (this.#panel === null) {
        const { CallPanel } = await import('./call-panel.ts');
        this.#panel = await CallPanel.create(this);
      }
      this.launch = 'idle';
    } catch {
      this.launch = 'unavailable';
      return;
    }
    this.requestUpdate();
    await this.updateComplete;
    this.#panel.open();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('pagehide', this.#leave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('pagehide', this.#leave);
    this.#leave();
  }

  readonly #leave = (): void => this.#panel?.leave();

  protected override updated(changed: PropertyValues<this>): void {
    if ((changed.has('lang') || changed.has('business') || changed.has('host')) && this.#panel?.idle === true)
      this.#panel = null;
    this.#panel?.updated();
  }

  protected override render(): TemplateResult {
    const strings = launcherStrings(this.language);
    const busy = this.launch === 'opening';
    return html`<button
        class="launcher"
        part="button"
        type="button"
        aria-haspopup="dialog"
        aria-expanded=${this.#panel?.isOpen === true}
        aria-busy=${busy}
        @click=${this.open}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">${phone}</svg>
        <span
          >${
            busy ? strings.opening : this.#panel?.inCall === true ? strings.inCall : html`<slot>${strings.label}</slot>`
          }</span
        >
      </button>
      ${this.launch === 'unavailable' ? html`<p class="unavailable" role="alert">${strings.unavailable}</p>` : nothing}
      ${this.#panel?.render() ?? nothing}`;
  }
}
