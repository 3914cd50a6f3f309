using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Answering;

/// <summary>
/// Answers datagrams of a <see cref="DatagramServer"/>, on one of its threads: it must not block, and one instance is called by
/// one thread only.
/// </summary>
public interface IDatagramHandler
{
    /// <summary>Answers a datagram now, or returns 0 to say nothing yet, or ever.</summary>
    /// <param name="request">The datagram; valid during the call.</param>
    /// <param name="way">Who sent it, and by which an answer can leave later.</param>
    /// <param name="answer">Room for <see cref="DatagramServer.AnswerBytesMax"/> bytes.</param>
    /// <returns>Bytes of the answer.</returns>
    int Answer(ReadOnlySpan<byte> request, in DatagramWay way, Span<byte> answer);
}

/// <summary>The way back to who sent a datagram. Thread-safe; of use until its server is disposed.</summary>
public readonly struct DatagramWay
{
    private readonly AnsweringSocket _socket;
    private readonly bool _names;

    internal DatagramWay(AnsweringSocket socket, in AddressKey client, in AddressKey local, bool names)
    {
        (_socket, Client, Local, _names) = (socket, client, local, names);
    }

    /// <summary>Who sent it.</summary>
    public AddressKey Client { get; }

    /// <summary>The address that it was sent to, which is the one to answer from.</summary>
    public AddressKey Local { get; }

    /// <summary>The address that the socket has to be told to send from; the default when it has but one.</summary>
    internal AddressKey From => _names ? Local : default;

    /// <summary>Sends an answer from any thread. It is lost when the network has no room, as datagrams are.</summary>
    /// <param name="answer">The answer, which must not change any more.</param>
    public void Send(byte[] answer) => _socket.Send(answer, this);
}
