namespace L4Lb.Engine;

/// <summary>How one check ended.</summary>
/// <param name="Code">The layer that decided, and how.</param>
/// <param name="Words">What was seen: a status, an answer, the kernel's error; null when the code says it all.</param>
/// <param name="Duration">Time that it took.</param>
/// <param name="AtUtc">When it ended.</param>
public sealed record CheckStatus(CheckCode Code, string? Words, TimeSpan Duration, DateTime AtUtc)
{
    /// <inheritdoc/>
    public override string ToString() => Words is null ? $"{Code}" : $"{Code} {Words}";
}

/// <summary>How a check ended, in HAProxy's codes (configuration manual, <c>show stat</c>, field <c>check_status</c>).</summary>
public enum CheckCode
{
    /// <summary>Nothing is known of the backend: we lacked a descriptor, a port or memory.</summary>
    SOCKERR,

    /// <summary>Connected, or nobody objected to the datagram.</summary>
    L4OK,

    /// <summary>No connection in time.</summary>
    L4TOUT,

    /// <summary>Refused, reset or unreachable.</summary>
    L4CON,

    /// <summary>The TLS handshake succeeded.</summary>
    L6OK,

    /// <summary>The TLS handshake did not end in time.</summary>
    L6TOUT,

    /// <summary>The TLS handshake failed.</summary>
    L6RSP,

    /// <summary>The answer is the expected one.</summary>
    L7OK,

    /// <summary>No answer in time.</summary>
    L7TOUT,

    /// <summary>The answer is not of the protocol, or not the expected one.</summary>
    L7RSP,

    /// <summary>The answer says that it is not well.</summary>
    L7STS,

    /// <summary>The program ended with 0.</summary>
    PROCOK,

    /// <summary>The program did not end in time and was killed.</summary>
    PROCTOUT,

    /// <summary>The program could not be run, or did not end with 0.</summary>
    PROCERR,
}
