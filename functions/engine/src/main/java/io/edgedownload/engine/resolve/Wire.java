package io.edgedownload.engine.resolve;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Packets of a question and the packets that answer it. */
final class Wire {
    private Wire() {}

    static byte[] query(Question question, int id, @Nullable Edns edns) {
        Message message = new Message(id);
        message.getHeader().setFlag(Flags.RD);
        message.addRecord(
                Record.newRecord(question.name(), question.family().recordType(), DClass.IN), Section.QUESTION);
        if (edns != null) {
            message.addRecord(edns.toRecord(), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    /**
     * The packet as the answer to the question; nothing when it is another's, forged or not a message at all, which is no
     * reason to stop waiting for the true one (RFC 5452 §9.1).
     */
    static Optional<Message> answer(byte[] packet, Question question, int id) {
        // The id first: the rest of a stray packet is not worth reading.
        if (packet.length < Header.LENGTH
                || (Byte.toUnsignedInt(packet[0]) << 8 | Byte.toUnsignedInt(packet[1])) != id) {
            return Optional.empty();
        }
        try {
            Message message = new Message(packet);
            return answers(message, question) ? Optional.of(message) : Optional.empty();
        } catch (IOException | RuntimeException malformed) {
            // Some malformed records make the parser throw more than it declares.
            return Optional.empty();
        }
    }

    private static boolean answers(Message message, Question question) {
        Header header = message.getHeader();
        if (!header.getFlag(Flags.QR) || header.getOpcode() != Opcode.QUERY) {
            return false;
        }
        if (header.getCount(Section.QUESTION) == 0) {
            // A server that does not understand the query may answer with the header alone (RFC 6891 §7).
            return header.getRcode() == Rcode.FORMERR || header.getRcode() == Rcode.NOTIMP;
        }
        Record asked = message.getQuestion();
        return header.getCount(Section.QUESTION) == 1
                && asked.getName().equals(question.name())
                && asked.getType() == question.family().recordType()
                && asked.getDClass() == DClass.IN;
    }
}
