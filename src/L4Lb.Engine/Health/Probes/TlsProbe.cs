using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Probes;

/// <summary>A backend that completes a TLS handshake is well; whether its certificate is good is its clients' business.</summary>
internal sealed class TlsProbe(ProbeSpec spec) : IProbe
{
    [SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "Nothing is sent and nothing believed.")]
    public async Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline)
    {
        using var connection = new ProbeConnection();
        if (await connection.OpenAsync(target, deadline) is { } problem)
        {
            return problem;
        }

        await using var stream = new NetworkStream(connection.Socket, ownsSocket: false);
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = spec.Host ?? target.Address.Address.ToString(), // An address is not sent as a server name.
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
            };
            await tls.AuthenticateAsClientAsync(options, deadline);
            return ProbeResult.Passed(CheckCode.L6OK, $"{tls.SslProtocol}");
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Failed(CheckCode.L6TOUT);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            return ProbeResult.Failed(CheckCode.L6RSP, (e.InnerException ?? e).Message);
        }
    }
}
