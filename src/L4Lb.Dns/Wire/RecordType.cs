namespace L4Lb.Dns.Wire;

/// <summary>What a record is about: the types that this server gives, and those that it knows in questions (IANA).</summary>
public enum RecordType : ushort
{
    /// <summary>An IPv4 address (RFC 1035).</summary>
    A = 1,

    /// <summary>A name server of a zone (RFC 1035).</summary>
    NS = 2,

    /// <summary>The name that this one is another word for (RFC 1035).</summary>
    CNAME = 5,

    /// <summary>The beginning of a zone (RFC 1035).</summary>
    SOA = 6,

    /// <summary>The name of an address (RFC 1035).</summary>
    PTR = 12,

    /// <summary>What stands in for an answer to <see cref="Any"/> (RFC 8482).</summary>
    HINFO = 13,

    /// <summary>Text (RFC 1035).</summary>
    TXT = 16,

    /// <summary>An IPv6 address (RFC 3596).</summary>
    AAAA = 28,

    /// <summary>Where a service of a name is (RFC 2782).</summary>
    SRV = 33,

    /// <summary>What the sender of a message can do (RFC 6891); no record of a zone.</summary>
    OPT = 41,

    /// <summary>A whole zone in steps (RFC 1995); only asked for.</summary>
    IXFR = 251,

    /// <summary>A whole zone (RFC 5936); only asked for.</summary>
    AXFR = 252,

    /// <summary>Whatever there is (RFC 8482); only asked for.</summary>
    Any = 255,
}

/// <summary>How a question fared (RFC 1035 §4.1.1, RFC 6891 §9).</summary>
public enum ResponseCode
{
    /// <summary>There is an answer, if perhaps an empty one.</summary>
    NoError = 0,

    /// <summary>The question could not be read.</summary>
    FormatError = 1,

    /// <summary>The answer could not be found out.</summary>
    ServerFailure = 2,

    /// <summary>There is no such name.</summary>
    NameError = 3,

    /// <summary>It is not a kind of question that is answered here.</summary>
    NotImplemented = 4,

    /// <summary>It is answered, but not here.</summary>
    Refused = 5,

    /// <summary>The version of EDNS is not known.</summary>
    BadVersion = 16,
}
