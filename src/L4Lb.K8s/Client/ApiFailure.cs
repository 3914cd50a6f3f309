using System.Globalization;
using L4Lb.K8s.Config;

namespace L4Lb.K8s.Client;

/// <summary>Makes one kind of exception of everything that can go wrong on the way to a server and back.</summary>
internal static class ApiFailure
{
    /// <summary>Whether <paramref name="e"/> comes of the way there, not of a bug.</summary>
    public static bool IsExpected(Exception e) =>
        e is HttpRequestException or IOException or OperationCanceledException or KubernetesConnectionException;

    /// <summary>
    /// The error to throw for <paramref name="e"/>. When the caller has given up, that is what is thrown, whatever the connection
    /// made of it.
    /// </summary>
    /// <param name="e">What came.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="limit">The time that it could take; over when <paramref name="e"/> is a cancellation.</param>
    /// <param name="cancellation">The caller's.</param>
    public static ApiException Of(Exception e, string request, TimeSpan limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var seconds = limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return Unreachable(request, e is OperationCanceledException ? $"nothing came for {seconds} s" : Tell(e), e);
    }

    /// <summary>The error for a server that gave no answer that can be used.</summary>
    public static ApiException Unreachable(string request, string reason, Exception? inner = null) =>
        new(new(0, ApiStatus.Unreachable, reason), request, inner);

    // The message of an error of the network; that of a TLS failure is inside, and the outer one only points there.
    private static string Tell(Exception e)
    {
        var outer = e.Message.Replace(", see inner exception.", "", StringComparison.Ordinal).TrimEnd('.');
        return e.InnerException is { } inner && !outer.Contains(inner.Message.TrimEnd('.'), StringComparison.Ordinal)
            ? $"{outer}: {Tell(inner)}"
            : outer;
    }
}
