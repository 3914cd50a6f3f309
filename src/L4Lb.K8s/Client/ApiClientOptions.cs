namespace L4Lb.K8s.Client;

/// <summary>How patient the client is. The defaults are for clusters of any size.</summary>
internal sealed record ApiClientOptions
{
    /// <summary>Objects a page of a list: what kubectl and the informers of client-go ask for.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>From sending a request to the last byte of its answer; for a watch, to its headers.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same for one page of a list.</summary>
    public TimeSpan PageTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The same for a whole list in one answer.</summary>
    public TimeSpan WholeListTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Silence after which a watch is given up. The server sends a bookmark about once a minute, so that two in a row must
    /// be missing.
    /// </summary>
    public TimeSpan WatchIdleTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The shortest time that a watch is asked to last; the longest is twice that, so that not all end at once.</summary>
    public TimeSpan ShortestWatch { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of one event. etcd refuses objects beyond 1.5 MiB; managed fields and escapes add to that.</summary>
    public int MaxEventBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of one answer: 10,000 Services in a single page, with all that others noted on them, are some 50 MB.</summary>
    public int MaxAnswerBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>Source of chance.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
