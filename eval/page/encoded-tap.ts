/** Chromium's own way to encoded audio, as a page's connection must ask for it beforehand; not in the DOM's types. */
export const encodedStreams: RTCConfiguration & { readonly encodedInsertableStreams: true } = {
  encodedInsertableStreams: true,
};

interface EncodedFrame {
  readonly data: ArrayBuffer;
}

interface EncodedEnd {
  createEncodedStreams(): { readable: ReadableStream<EncodedFrame>; writable: WritableStream<EncodedFrame> };
}

/** Shows the payload of each RTP packet of one direction, as it was sent or came, and passes it on. */
export function tapEncoded(end: RTCRtpSender | RTCRtpReceiver, seen: (payload: Uint8Array) => void): void {
  const { readable, writable } = (end as unknown as EncodedEnd).createEncodedStreams();
  const tap = new TransformStream<EncodedFrame, EncodedFrame>({
    transform: (frame, controller) => {
      seen(new Uint8Array(frame.data.slice(0)));
      controller.enqueue(frame);
    },
  });
  void readable.pipeThrough(tap).pipeTo(writable);
}
