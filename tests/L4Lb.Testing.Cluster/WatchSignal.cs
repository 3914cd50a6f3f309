using System.Text.Json.Nodes;

namespace L4Lb.Testing.Cluster;

/// <summary>What a watch is told, in the order in which it has to tell it.</summary>
internal abstract record WatchSignal
{
    /// <summary>An object became another one: null before means created, null after means deleted.</summary>
    /// <param name="Version">The version that the change made.</param>
    /// <param name="Key">Whose change it is.</param>
    /// <param name="Before">The object until then.</param>
    /// <param name="After">The object since then.</param>
    public sealed record Change(long Version, ObjectKey Key, JsonObject? Before, JsonObject? After) : WatchSignal;

    /// <summary>Everything up to a version has been told.</summary>
    public sealed record Bookmark(long Version) : WatchSignal;

    /// <summary>The watch ends with an ERROR event.</summary>
    public sealed record Error(ApiError Status) : WatchSignal;

    /// <summary>The stream ends, properly but after half a line: what a proxy in between does.</summary>
    public sealed record EndMidLine : WatchSignal;

    /// <summary>The connection breaks.</summary>
    public sealed record Abort : WatchSignal;
}
