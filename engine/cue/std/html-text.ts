/** HTML text as Go's html package escapes and unescapes it. */

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&#39;'],
  ['"', '&#34;'],
]);

export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => ESCAPES.get(character) ?? character);
}

/** Names of HTML 4's Latin-1 characters, from U+00A0 on. */
const LATIN1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute ' +
  'micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig ' +
  'Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash ' +
  'Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ' +
  'ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc ' +
  'uuml yacute thorn yuml';

/** Further names of HTML 4, each with its character; they need their semicolon. */
const NAMED =
  'OElig:Œ oelig:œ Scaron:Š scaron:š Yuml:Ÿ fnof:ƒ circ:ˆ tilde:˜ Alpha:Α Beta:Β Gamma:Γ Delta:Δ Epsilon:Ε Zeta:Ζ ' +
  'Eta:Η Theta:Θ Iota:Ι Kappa:Κ Lambda:Λ Mu:Μ Nu:Ν Xi:Ξ Omicron:Ο Pi:Π Rho:Ρ Sigma:Σ Tau:Τ Upsilon:Υ Phi:Φ Chi:Χ ' +
  'Psi:Ψ Omega:Ω alpha:α beta:β gamma:γ delta:δ epsilon:ε zeta:ζ eta:η theta:θ iota:ι kappa:κ lambda:λ mu:μ nu:ν ' +
  'xi:ξ omicron:ο pi:π rho:ρ sigmaf:ς sigma:σ tau:τ upsilon:υ phi:φ chi:χ psi:ψ omega:ω thetasym:ϑ upsih:ϒ piv:ϖ ' +
  'ensp:\u2002 emsp:\u2003 thinsp:\u2009 zwnj:\u200c zwj:\u200d lrm:\u200e rlm:\u200f ndash:– mdash:— lsquo:‘ ' +
  'rsquo:’ sbquo:‚ ldquo:“ rdquo:” bdquo:„ dagger:† Dagger:‡ bull:• hellip:… permil:‰ prime:′ Prime:″ lsaquo:‹ ' +
  'rsaquo:› oline:‾ frasl:⁄ euro:€ image:ℑ weierp:℘ real:ℜ trade:™ alefsym:ℵ larr:← uarr:↑ rarr:→ darr:↓ harr:↔ ' +
  'crarr:↵ lArr:⇐ uArr:⇑ rArr:⇒ dArr:⇓ hArr:⇔ forall:∀ part:∂ exist:∃ empty:∅ nabla:∇ isin:∈ notin:∉ ni:∋ prod:∏ ' +
  'sum:∑ minus:− lowast:∗ radic:√ prop:∝ infin:∞ ang:∠ and:∧ or:∨ cap:∩ cup:∪ int:∫ there4:∴ sim:∼ cong:≅ asymp:≈ ' +
  'ne:≠ equiv:≡ le:≤ ge:≥ sub:⊂ sup:⊃ nsub:⊄ sube:⊆ supe:⊇ oplus:⊕ otimes:⊗ perp:⊥ sdot:⋅ lceil:⌈ rceil:⌉ ' +
  "lfloor:⌊ rfloor:⌋ lang:\u27e8 rang:\u27e9 loz:◊ spades:♠ clubs:♣ hearts:♥ diams:♦ apos:' Tab:\t NewLine:\n " +
  'excl:! num:# dollar:$ percnt:% lpar:( rpar:) ast:* plus:+ comma:, period:. sol:/ colon:: semi:; equals:= quest:? ' +
  'commat:@ lsqb:[ bsol:\\ rsqb:] Hat:^ lowbar:_ grave:` lcub:{ verbar:| rcub:} check:✓ cross:✗ star:☆ starf:★';

/** What a name stands for, and whether it may go without its semicolon (the oldest ones may). */
interface Entity {
  readonly text: string;
  readonly bare: boolean;
}

function entities(): ReadonlyMap<string, Entity> {
  const all = new Map<string, Entity>();
  for (const [index, name] of LATIN1.split(' ').entries()) {
    all.set(name, { text: String.fromCharCode(0xa0 + index), bare: true });
  }
  for (const pair of NAMED.split(' ')) {
    const colon = pair.indexOf(':');
    all.set(pair.slice(0, colon), { text: pair.slice(colon + 1), bare: false });
  }
  const old = [
    ['amp', '&'],
    ['lt', '<'],
    ['gt', '>'],
    ['quot', '"'],
    ['AMP', '&'],
    ['LT', '<'],
    ['GT', '>'],
    ['QUOT', '"'],
    ['COPY', '©'],
    ['REG', '®'],
  ] as const;
  for (const [name, text] of old) all.set(name, { text, bare: true });
  return all;
}
const ENTITIES = entities();

/** What HTML makes of the code points 0x80 to 0x9f. */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

function numeric(digits: string, base: 10 | 16): string {
  // Longer numbers are beyond any character, and wrap around in Go; neither names one.
  if (digits === '') return '\ufffd';
  const code = digits.length > 9 ? 0x110000 : Number.parseInt(digits, base);
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252[code - 0x80] ?? '\ufffd';
  const invalid = code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000);
  return invalid ? '\ufffd' : String.fromCodePoint(code);
}

/** The longest name at the front that needs no semicolon, and what follows it. */
function bareEntity(name: string): string | null {
  for (let length = Math.min(name.length, 6); length > 1; length--) {
    const entity = ENTITIES.get(name.slice(0, length));
    if (entity?.bare) return entity.text + name.slice(length);
  }
  return null;
}

export function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#[xX]([0-9a-fA-F]+(?=;?)|(?=;));?|#([0-9]+);?|([a-zA-Z0-9]+)(;?))/g,
    (whole: string, hex?: string, digits?: string, name?: string, end?: string): string => {
      if (hex !== undefined) return numeric(hex, 16);
      if (digits !== undefined) return numeric(digits, 10);
      const entity = end === ';' ? ENTITIES.get(name ?? '') : undefined;
      if (entity) return entity.text;
      const bare = bareEntity(name ?? '');
      return bare === null ? whole : bare + (end ?? '');
    },
  );
}
