using System.Net.Sockets;

namespace L4Lb.Engine.Health.Probes;

/// <summary>What a probe found.</summary>
/// <param name="Outcome">What it means for the backend.</param>
/// <param name="Code">The layer that decided, and how.</param>
/// <param name="Words">What was seen; null when the code says it all.</param>
internal readonly record struct ProbeResult(ProbeOutcome Outcome, CheckCode Code, string? Words = null)
{
    /// <summary>Time that it took; added by who ran the probe.</summary>
    internal TimeSpan Duration { get; init; }

    internal static ProbeResult Passed(CheckCode code, string? words = null) => new(ProbeOutcome.Passed, code, words);

    internal static ProbeResult Failed(CheckCode code, string? words = null) => new(ProbeOutcome.Failed, code, words);

    /// <summary>What a socket's error means; <paramref name="code"/> when the backend is to blame.</summary>
    internal static ProbeResult Of(SocketException error, CheckCode code) => error.SocketErrorCode switch
    {
        // Descriptors, memory and ports are ours to have.
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable or SocketError.WouldBlock
            => new ProbeResult(ProbeOutcome.Unknown, CheckCode.SOCKERR, error.Message),
        _ => Failed(code, error.Message),
    };
}

/// <summary>What a probe means for the backend.</summary>
internal enum ProbeOutcome
{
    /// <summary>It is well.</summary>
    Passed,

    /// <summary>It is not.</summary>
    Failed,

    /// <summary>Nothing: the probe failed for want of something of ours.</summary>
    Unknown,
}
