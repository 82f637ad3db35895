/** Files of the age format made and opened without our own code: plain age-encryption. */
import { armor, Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';

/** A small work factor, so that a test takes a moment; files made by people have 18. */
const workFactor = 10;

export const ageEncrypt = async (
  content: Uint8Array,
  passphrase: string,
  factor = workFactor
): Promise<Uint8Array<ArrayBuffer>> => {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(factor);
  return new Uint8Array(await encrypter.encrypt(content));
};

export const ageArmour = (file: Uint8Array): string => armor.encode(file);

/** For somebody's key, which no passphrase opens. */
export const ageEncryptToKey = async (content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(await generateIdentity()));
  return new Uint8Array(await encrypter.encrypt(content));
};

export const ageDecrypt = (file: Uint8Array, passphrase: string): Promise<Uint8Array> => {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return decrypter.decrypt(file);
};
