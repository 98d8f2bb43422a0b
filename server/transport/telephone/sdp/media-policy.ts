import * as v from 'valibot';

/** As RFC 3551 and RFC 7587 name them. */
export const voiceCodecs = ['opus', 'PCMU', 'PCMA'] as const;
export type VoiceCodecName = (typeof voiceCodecs)[number];

/** How the audio of a trunk's calls may travel. */
export const MediaPolicy = v.object({
  /** `optional`: where the other side offers it. `required`: a call without it is refused (488). Absent: `off`. */
  srtp: v.optional(v.picklist(['off', 'optional', 'required'], 'must be off, optional or required')),
  /** In our order of preference. Absent: Opus where it is offered, else the other side's favourite of G.711. */
  codecs: v.optional(
    v.pipe(
      v.array(v.picklist(voiceCodecs, 'must be opus, PCMU or PCMA')),
      v.minLength(1, 'must name one at least'),
      v.maxLength(voiceCodecs.length, 'must not repeat any'),
    ),
  ),
});
export type MediaPolicy = v.InferOutput<typeof MediaPolicy>;

/** Of a trunk that says nothing about it. */
export const usualPolicy: MediaPolicy = {};

export const allowsEncryption = ({ srtp = 'off' }: MediaPolicy): boolean => srtp !== 'off';
