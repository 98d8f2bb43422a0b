/** The few words of the first load; the panel brings the rest. */
export interface LauncherStrings {
  readonly label: string;
  readonly opening: string;
  readonly inCall: string;
  readonly unavailable: string;
}

const launchers = {
  en: {
    label: 'Talk to sales',
    opening: 'Opening…',
    inCall: 'Back to your call',
    unavailable: 'The call could not be opened. Check your connection and try again.',
  },
  es: {
    label: 'Hable con ventas',
    opening: 'Abriendo…',
    inCall: 'Volver a su llamada',
    unavailable: 'No se pudo abrir la llamada. Compruebe su conexión e inténtelo de nuevo.',
  },
} satisfies Record<string, LauncherStrings>;

export type Language = keyof typeof launchers;

/** The best language there is for a BCP 47 tag; English for all others. */
export const languageOf = (tag: string): Language => (/^es(-|$)/i.test(tag) ? 'es' : 'en');

export const launcherStrings = (language: Language): LauncherStrings => launchers[language];
