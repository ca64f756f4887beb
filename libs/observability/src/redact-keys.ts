const API_KEY = /\btg_(live|test)_([0-9A-Za-z]{12})_[0-9A-Za-z_]+/g;

/** Cuts every API key in the text down to its public part: "tg_live_AbCdEf123456_[secret]". */
export function redactKeys(text: string): string {
  return text.replace(API_KEY, 'tg_$1_$2_[secret]');
}
