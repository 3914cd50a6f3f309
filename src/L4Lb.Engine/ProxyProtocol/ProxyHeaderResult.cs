namespace L4Lb.Engine.ProxyProtocol;

/// <summary>What reading the beginning of a connection came to.</summary>
internal readonly record struct ProxyHeaderResult
{
    private ProxyHeaderResult(ProxyHeaderStatus status) => Status = status;

    internal static ProxyHeaderResult NeedMore { get; } = new(ProxyHeaderStatus.NeedMore);

    internal ProxyHeaderStatus Status { get; }

    /// <summary>The header, when it is done.</summary>
    internal ProxyHeader Header { get; private init; }

    /// <summary>Bytes that the header took, when it is done; what follows is the client's.</summary>
    internal int Length { get; private init; }

    /// <summary>What is wrong, in words, when it is invalid; one of a fixed set.</summary>
    internal string? Problem { get; private init; }

    internal static ProxyHeaderResult Done(in ProxyHeader header, int length) =>
        new(ProxyHeaderStatus.Done) { Header = header, Length = length };

    internal static ProxyHeaderResult Invalid(string problem) => new(ProxyHeaderStatus.Invalid) { Problem = problem };
}

/// <summary>How far a header is.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>Nothing is wrong so far, and it goes on.</summary>
    NeedMore,

    /// <summary>It is whole.</summary>
    Done,

    /// <summary>No bytes to come can make it right.</summary>
    Invalid,
}
