using L4Lb.Engine.Desired;

namespace L4Lb.Dns.Serving;

/// <summary>How a question came.</summary>
/// <param name="Local">The address that it was sent to; the name server's own.</param>
/// <param name="ByDatagram">Whether the answer must fit a datagram.</param>
/// <param name="Turn">Another number for each question: the records of an answer begin with another one.</param>
public readonly record struct Asker(AddressKey Local, bool ByDatagram, uint Turn);

/// <summary>What becomes of a question.</summary>
public enum Verdict
{
    /// <summary>There is nothing to say: it was no question.</summary>
    Silent,

    /// <summary>The answer is complete.</summary>
    Answered,

    /// <summary>The name is somebody else's: the question is to be passed on as it is.</summary>
    PassOn,

    /// <summary>The answer begins here and ends at a name that is somebody else's, whose records are to be asked for.</summary>
    Follow,
}
