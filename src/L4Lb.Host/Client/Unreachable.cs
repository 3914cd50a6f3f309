using System.Net.Sockets;
using System.Security.Authentication;

namespace L4Lb.Host.Client;

/// <summary>Why an instance could not be asked, in words, and what would help.</summary>
internal static class Unreachable
{
    private const string WhereItIs = "start one by 'l4lb run', or say where it is by --admin ADDRESS (L4LB_ADMIN)";

    /// <summary>What went wrong with <paramref name="address"/>.</summary>
    public static string Describe(Exception problem, ServerAddress address) => problem.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"no instance answers at {address}: connection refused; {WhereItIs}",
        SocketException when address.SocketPath is { } path && !File.Exists(path) =>
            $"no instance answers at {address}: there is no such socket; {WhereItIs}",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"{address}: permission denied; ask as the user that the instance runs as",
        SocketException e => $"no instance answers at {address}: {e.Message}; {WhereItIs}",
        AuthenticationException e when e.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
            $"{address} has a certificate that is not trusted here: {e.Message}; --ca-file FILE names its authority",
        AuthenticationException or IOException when address.Base.Scheme == "https" =>
            $"{address} does not speak TLS as it should: {problem.GetBaseException().Message}; without a certificate it is http://",
        _ when address.Base.Scheme == "http" && address.SocketPath is null && IsNoHttp(problem) =>
            $"{address} does not answer as an instance does; with a certificate it is --admin https://{address.Base.Authority}",
        var e => $"no answer of {address}: {e.Message}",
    };

    private static bool IsNoHttp(Exception problem) =>
        problem is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded };
}
