package io.edgedownload.engine.resolve;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers as a broken or hostile server could send them: good ones, and what becomes of them by a few changes. */
final class MutatedAnswers {
    static final int ID = 0x1234;
    static final Question QUESTION = new Question(Question.nameOf("www.example.test"), Family.IPV4);

    private static final Name ZONE = Question.nameOf("example.test");
    private static final int TTL_SECONDS = 60;
    private static final int MAX_CHANGES = 4;

    /** The numbers that length and count fields go wrong with. */
    private static final int[] EDGES = {0, 1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 0x7fff, 0x8000, 0xfffe, 0xffff};

    /** Two bits that say that an offset follows in place of a label (RFC 1035 §4.1.4). */
    private static final int POINTER = 0xc000;

    private final SplittableRandom random;
    private final List<byte[]> good;

    MutatedAnswers(long seed) {
        random = new SplittableRandom(seed);
        good = good();
    }

    /** One of the good answers after one change or a few. */
    byte[] next() {
        return mutate(good.get(random.nextInt(good.size())));
    }

    /** This message after one change or a few. */
    byte[] mutate(byte[] message) {
        byte[] mutated = message.clone();
        for (int change = 1 + random.nextInt(MAX_CHANGES); change > 0 && mutated.length > 0; change--) {
            mutated = change(mutated);
        }
        return mutated;
    }

    private byte[] change(byte[] message) {
        switch (random.nextInt(8)) {
            case 0 -> message[place(message)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 1 -> message[place(message)] = (byte) random.nextInt();
            case 2 -> fill(message, place(message));
            case 3 -> put(message, place(message), EDGES[random.nextInt(EDGES.length)]);
            case 4 -> put(message, place(message), POINTER | random.nextInt(message.length));
            case 5 -> pointToItself(message, place(message));
            case 6 -> put(message, Header.LENGTH / 3 + 2 * random.nextInt(4), EDGES[random.nextInt(EDGES.length)]);
            default -> {
                return random.nextBoolean() ? cut(message) : spliced(message);
            }
        }
        return message;
    }

    /** Mostly behind the question, for a message that is another's is not read further. */
    private int place(byte[] message) {
        int records = Header.LENGTH + QUESTION.name().length() + 2 * Short.BYTES;
        return random.nextInt(8) > 0 && records < message.length
                ? records + random.nextInt(message.length - records)
                : random.nextInt(message.length);
    }

    private void fill(byte[] message, int from) {
        int until = Math.min(message.length, from + 1 + random.nextInt(16));
        for (int i = from; i < until; i++) {
            message[i] = (byte) random.nextInt();
        }
    }

    private static void put(byte[] message, int at, int twoOctets) {
        if (at + 1 < message.length) {
            message[at] = (byte) (twoOctets >> Byte.SIZE);
            message[at + 1] = (byte) twoOctets;
        }
    }

    private static void pointToItself(byte[] message, int at) {
        put(message, at, POINTER | at);
    }

    private byte[] cut(byte[] message) {
        return Arrays.copyOf(message, random.nextInt(message.length + 1));
    }

    /** The end of another answer behind the beginning of this. */
    private byte[] spliced(byte[] message) {
        byte[] other = good.get(random.nextInt(good.size()));
        int from = random.nextInt(other.length);
        int keep = place(message);
        byte[] spliced = Arrays.copyOf(message, keep + other.length - from);
        System.arraycopy(other, from, spliced, keep, other.length - from);
        return spliced;
    }

    private static List<byte[]> good() {
        List<byte[]> good = new ArrayList<>();
        good.add(answer(Rcode.NOERROR, List.of(address(QUESTION.name(), 1)), List.of()));
        good.add(answer(Rcode.NOERROR, addresses(60), List.of()));
        good.add(answer(Rcode.NOERROR, aliases(Reading.MAX_LINKS), List.of()));
        good.add(answer(Rcode.NXDOMAIN, List.of(), List.of(soa())));
        good.add(answer(Rcode.NOERROR, aliases(1).subList(0, 1), List.of(soa())));
        good.add(answer(Rcode.NOERROR, List.of(), List.of(new NSRecord(Name.root, DClass.IN, TTL_SECONDS, ZONE))));
        good.add(answer(Rcode.SERVFAIL, List.of(), List.of()));
        good.add(answer(Rcode.NOERROR, ofManyTypes(), List.of(soa())));
        return good;
    }

    private static byte[] answer(int rcode, List<Record> answers, List<Record> authorities) {
        Message message = new Message(ID);
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setRcode(rcode);
        message.addRecord(
                Record.newRecord(QUESTION.name(), QUESTION.family().recordType(), DClass.IN), Section.QUESTION);
        answers.forEach(record -> message.addRecord(record, Section.ANSWER));
        authorities.forEach(record -> message.addRecord(record, Section.AUTHORITY));
        message.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return message.toWire();
    }

    private static Record address(Name name, int host) {
        return new ARecord(name, DClass.IN, TTL_SECONDS, InetAddress.ofLiteral("192.0.2." + host));
    }

    private static List<Record> addresses(int count) {
        List<Record> records = new ArrayList<>();
        for (int host = 1; host <= count; host++) {
            records.add(address(QUESTION.name(), host));
        }
        return records;
    }

    private static List<Record> aliases(int links) {
        List<Record> records = new ArrayList<>();
        Name name = QUESTION.name();
        for (int link = 1; link <= links; link++) {
            Name target = Question.nameOf("alias" + link + ".example.test");
            records.add(new CNAMERecord(name, DClass.IN, TTL_SECONDS, target));
            name = target;
        }
        records.add(address(name, 1));
        return records;
    }

    private static Record soa() {
        return new SOARecord(
                ZONE, DClass.IN, TTL_SECONDS, ZONE, ZONE, 1, TTL_SECONDS, TTL_SECONDS, TTL_SECONDS, TTL_SECONDS);
    }

    /** What the parser knows beyond addresses has code of its own, which the octets of a stranger reach. */
    private static List<Record> ofManyTypes() {
        List<Record> records = new ArrayList<>();
        records.add(new AAAARecord(QUESTION.name(), DClass.IN, TTL_SECONDS, InetAddress.ofLiteral("2001:db8::1")));
        records.add(of("TXT", "\"some text\" \"and more\""));
        records.add(of("MX", "10 mail.example.test."));
        records.add(of("SRV", "1 2 443 www.example.test."));
        records.add(of("CAA", "0 issue \"ca.example.test\""));
        records.add(of("HTTPS", "1 . alpn=h2,h3 ipv4hint=192.0.2.1 port=8443"));
        records.add(of("NAPTR", "1 2 \"u\" \"E2U+sip\" \"!^.*$!sip:a@example.test!\" ."));
        records.add(of("DS", "1 8 2 " + "00".repeat(32)));
        records.add(of("NSEC", "b.example.test. A AAAA RRSIG"));
        records.add(of("NSEC3", "1 0 1 aabb 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A RRSIG"));
        records.add(of("RRSIG", "A 8 2 60 20300101000000 20200101000000 1 example.test. AAAA"));
        records.add(of("LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"));
        records.add(of("APL", "1:192.0.2.0/24 2:2001:db8::/32"));
        records.add(address(QUESTION.name(), 1));
        return records;
    }

    private static Record of(String type, String text) {
        try {
            return Record.fromString(QUESTION.name(), Type.value(type), DClass.IN, TTL_SECONDS, text, Name.root);
        } catch (IOException e) {
            throw new AssertionError(type + " " + text, e);
        }
    }
}
