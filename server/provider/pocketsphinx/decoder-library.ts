import { loadLibrary } from '../native-library.ts';

/** PocketSphinx 5prealpha's C interface (Debian's libpocketsphinx3), as far as it is used here. */
export function bindPocketSphinx() {
  const base = loadLibrary(['libsphinxbase.so.3'], 'libpocketsphinx3');
  const decoder = loadLibrary(['libpocketsphinx.so.3'], 'libpocketsphinx3');
  const bound = {
    options: decoder.func('void *ps_args()'),
    parseOptions: base.func(
      'void *cmd_ln_parse_r(void *previous, void *definitions, int count, const char **options, int strict)',
    ),
    freeOptions: base.func('int cmd_ln_free_r(void *options)'),
    create: decoder.func('void *ps_init(void *options)'),
    free: decoder.func('int ps_free(void *decoder)'),
    optionsOf: decoder.func('void *ps_get_config(void *decoder)'),
    setFloat: base.func('void cmd_ln_set_float_r(void *options, const char *name, double value)'),
    addGrammar: decoder.func('int ps_set_jsgf_string(void *decoder, const char *name, const char *grammar)'),
    useSearch: decoder.func('int ps_set_search(void *decoder, const char *name)'),
    readTransform: decoder.func('void *ps_mllr_read(const char *file)'),
    adapt: decoder.func('void *ps_update_mllr(void *decoder, void *transform)'),
    startStream: decoder.func('int ps_start_stream(void *decoder)'),
    startUtterance: decoder.func('int ps_start_utt(void *decoder)'),
    process: decoder.func(
      'int ps_process_raw(void *decoder, const int16_t *samples, size_t count, int no_search, int full_utt)',
    ),
    endUtterance: decoder.func('int ps_end_utt(void *decoder)'),
    hypothesis: decoder.func('const char *ps_get_hyp(void *decoder, _Out_ int32_t *score)'),
    probability: decoder.func('int32_t ps_get_prob(void *decoder)'),
    logMath: decoder.func('void *ps_get_logmath(void *decoder)'),
    exp: base.func('double logmath_exp(void *log_math, int value)'),
  };
  // The library logs to stderr otherwise, one page a call.
  base.func('void err_set_logfp(void *file)')(null);
  return bound;
}

export type PocketSphinx = ReturnType<typeof bindPocketSphinx>;
