/**
 * A copy with these fields besides, or in their place. As `{ ...of, ...fields }`, but all such copies are laid out alike: Node 20 gives every object that
 * begins with a spread and gets a new field a hidden class of its own, and whoever reads many of them is slow (2.3 → 1.7 times the floor after 2,000 messages).
 */
export const withFields = <T extends object, F extends object>(of: T, fields: F): T & F => Object.assign({}, of, fields)
