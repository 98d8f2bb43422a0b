/** How many digits a scheme's numbers have, by how they begin (ISO/IEC 7812). */
const schemes: readonly { readonly begins: RegExp; readonly lengths: readonly number[] }[] = [
  { begins: /^4/, lengths: [13, 16, 19] },
  { begins: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { begins: /^3[47]/, lengths: [15] },
  { begins: /^(?:30[0-5]|36|38|39)/, lengths: [14, 16, 19] },
  { begins: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { begins: /^6(?:011|4[4-9]|5|2)/, lengths: [16, 17, 18, 19] },
  { begins: /^(?:50|5[6-8]|6)/, lengths: [16, 17, 18, 19] },
];

/** A number that a card can have: its scheme's length, and the check digit. */
export function isCardNumber(digits: string): boolean {
  return (
    schemes.some(({ begins, lengths }) => lengths.includes(digits.length) && begins.test(digits)) && checks(digits)
  );
}

/** Luhn's check digit (ISO/IEC 7812-1, annex B). */
function checks(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
