/** Events of the provider after which a card may be there that was not there before. */
export const CARD_EVENTS: readonly string[] = ['checkout.session.completed', 'payment_method.attached'];
