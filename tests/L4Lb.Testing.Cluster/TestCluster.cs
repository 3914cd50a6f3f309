using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using L4Lb.Testing.Cluster.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace L4Lb.Testing.Cluster;

/// <summary>
/// An API server in this process, on loopback: the semantics of the real one, faults on demand, and every request kept.
/// Tests write objects beside the API with <see cref="Put(JsonObject)"/>.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly ConcurrentDictionary<HttpContext, bool> _inFlight = [];
    private readonly ConcurrentQueue<string> _refusals = [];
    private readonly List<(Fault Fault, Predicate<RecordedRequest> When)> _faults = [];
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly IPAddress _address;
    private readonly Func<EndPoint, Socket>? _bind;
    private ImmutableList<RecordedRequest> _requests = [];
    private WebApplication? _web;
    private int _port;
    private int _http2Port;

    private TestCluster(TimeProvider? time, X509Certificate2? certificate, IPAddress? address, Func<EndPoint, Socket>? bind)
    {
        _address = address ?? IPAddress.Loopback;
        _bind = bind;
        _time = time ?? TimeProvider.System;
        if (bind is null)
        {
            // Ports that are nobody's by chance while it is down.
            (_port, _http2Port) = (Loopback.FreeEndPoint(_address).Port, Loopback.FreeEndPoint(_address).Port);
        }

        Certificate = certificate;
        Api = new(Store, _time);
    }

    public ObjectStore Store { get; } = new();

    public ApiServer Api { get; }

    /// <summary>Where HTTP/1.1 is spoken; with a certificate, HTTPS and both versions.</summary>
    public Uri Address => new($"{(Certificate is null ? "http" : "https")}://{_address}:{_port}");

    /// <summary>Where HTTP/2 is spoken in the clear.</summary>
    public Uri Http2Address => new($"http://{_address}:{_http2Port}");

    /// <summary>The only bearer token that is let in; null lets everybody in.</summary>
    public string? Token { get; set; }

    /// <summary>What who is let in may do, as rules of RBAC have it; null for everything.</summary>
    public AccessRights? Rights { get; set; }

    /// <summary>Whose client certificates are let in; null does without. A token will do as well.</summary>
    public X509Certificate2? ClientAuthority { get; set; }

    /// <summary>The server's certificate; a cluster that had one can get another, for connections to come.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Whether HTTP/2 is offered behind TLS, from the next <see cref="GoUpAsync"/> on.</summary>
    public bool OffersHttp2 { get; set; } = true;

    /// <summary>Name by which the last TLS connection asked for the server.</summary>
    public string? ServerName { get; private set; }

    public IReadOnlyList<RecordedRequest> Requests => Volatile.Read(ref _requests);

    /// <summary>What <see cref="Rights"/> did not allow, and was answered so.</summary>
    public IReadOnlyCollection<string> Refusals => _refusals;

    public int OpenWatches => Store.Watches;

    /// <summary>Starts one.</summary>
    /// <param name="time">Clock; the system's by default.</param>
    /// <param name="certificate">Its certificate, when it is to speak TLS.</param>
    /// <param name="address">Where it listens; on loopback by default.</param>
    /// <param name="bind">Makes its listening sockets, perhaps in another network namespace.</param>
    public static async Task<TestCluster> StartAsync(
        TimeProvider? time = null, X509Certificate2? certificate = null, IPAddress? address = null, Func<EndPoint, Socket>? bind = null)
    {
        var cluster = new TestCluster(time, certificate, address, bind);
        await cluster.GoUpAsync();
        return cluster;
    }

    public TestCluster Put(JsonObject document)
    {
        var key = KeyOf(document);
        Store.Write(key, current => ObjectRules.Put(key, current, document, _time.GetUtcNow()));
        return this;
    }

    public TestCluster Put(string json) => Put(JsonNode.Parse(json)!.AsObject());

    /// <summary>Deletes as a client would: finalizers are waited for.</summary>
    public TestCluster Delete(Kind kind, string name, string @namespace = "default")
    {
        var key = KeyOf(kind, name, @namespace);
        Store.Write(key, current => ObjectRules.Delete(key, current, null, _time.GetUtcNow()));
        return this;
    }

    /// <summary>A copy of an object; null when there is none.</summary>
    public JsonObject? Get(Kind kind, string name, string @namespace = "default") =>
        Store.Find(KeyOf(kind, name, @namespace))?.Copy();

    /// <summary>Spoils the next requests, or the next that a condition names; faults are used up in order.</summary>
    public TestCluster Spoil(Fault fault, Predicate<RecordedRequest>? when = null, int times = 1)
    {
        lock (_lock)
            _faults.AddRange(Enumerable.Repeat((fault, when ?? (static _ => true)), times));

        return this;
    }

    public void Compact() => Store.Compact();

    public void SendBookmarks() => Store.Bookmark();

    /// <summary>Ends every open watch with an ERROR event, 410 by default.</summary>
    public void FailWatches(ApiError? error = null) =>
        Store.Tell(new WatchSignal.Error(error ?? ApiError.Expired(1, Store.Version)));

    public void EndWatchesMidLine() => Store.Tell(new WatchSignal.EndMidLine());

    public void AbortWatches() => Store.Tell(new WatchSignal.Abort());

    /// <summary>Listens again, on the ports that it had.</summary>
    public async Task GoUpAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        if (_bind is not null)
            builder.WebHost.UseSockets(options => options.CreateBoundListenSocket = _bind);

        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(_address, _port, listen =>
            {
                listen.Protocols = Certificate is null || !OffersHttp2 ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (Certificate is not null)
                    listen.UseHttps(Secure);
            });
            options.Listen(_address, _http2Port, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        _web = builder.Build();
        _web.Run(AnswerAsync);
        await _web.StartAsync();
        var ports = _web.Urls.Select(static url => new Uri(url).Port).ToArray();
        (_port, _http2Port) = (ports[0], ports[1]);
    }

    /// <summary>Breaks what is open and refuses connections until <see cref="GoUpAsync"/>.</summary>
    public async Task GoDownAsync()
    {
        if (Interlocked.Exchange(ref _web, null) is not { } web)
            return;

        foreach (var context in _inFlight.Keys)
        {
            try
            {
                context.Abort();
            }
            catch (ObjectDisposedException)
            {
                // It was answered this moment.
            }
        }

        await web.StopAsync();
        await web.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await GoDownAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        _inFlight[context] = true;
        try
        {
            // What came in after everything open was broken is broken as well.
            if (Volatile.Read(ref _web) is null)
            {
                context.Abort();
                return;
            }

            var request = await RecordAsync(context.Request);
            ImmutableInterlocked.Update(ref _requests, static (all, one) => all.Add(one), request);
            if (TakeFault(request) is { } fault)
                await fault(context, c => AuthorizedAsync(c, request));
            else
                await AuthorizedAsync(context, request);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left, or was made to.
        }
        finally
        {
            _inFlight.TryRemove(context, out _);
        }
    }

    private static void Abort(HttpContext context)
    {
        try
        {
            context.Abort();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
    }

    // As the real server: certificates are asked for, and none is needed to be heard.
    private void Secure(HttpsConnectionAdapterOptions https)
    {
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.ClientCertificateValidation = static (_, _, _) => true;
        https.ServerCertificateSelector = (_, name) =>
        {
            ServerName = name;
            return Certificate;
        };
    }

    private Task AuthorizedAsync(HttpContext context, RecordedRequest request)
    {
        if (!IsLetIn(context))
            return ApiServer.WriteErrorAsync(context, ApiError.Unauthorized());

        if (Rights?.Refusal(request) is not { } refusal)
            return Api.AnswerAsync(context, request);

        _refusals.Enqueue(refusal.Message);
        return ApiServer.WriteErrorAsync(context, refusal);
    }

    private bool IsLetIn(HttpContext context) =>
        (Token is null && ClientAuthority is null)
        || (Token is not null && context.Request.Headers.Authorization == $"Bearer {Token}")
        || (ClientAuthority is not null
            && context.Connection.ClientCertificate is { } certificate
            && TestAuthority.IsIssuedBy(ClientAuthority, certificate));

    private Fault? TakeFault(RecordedRequest request)
    {
        lock (_lock)
        {
            var i = _faults.FindIndex(f => f.When(request));
            if (i < 0)
                return null;

            var fault = _faults[i].Fault;
            _faults.RemoveAt(i);
            return fault;
        }
    }

    private static async Task<RecordedRequest> RecordAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return new(
            request.Method,
            request.Path.Value!,
            request.Query.ToDictionary(static q => q.Key, static q => q.Value.ToString()),
            await reader.ReadToEndAsync(request.HttpContext.RequestAborted))
        {
            Protocol = request.Protocol,
            ClientName = request.HttpContext.Connection.ClientCertificate?.Subject ?? "",
            Headers = request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        };
    }

    private static ObjectKey KeyOf(JsonObject document) =>
        KeyOf(Kind.Of(document), document.Name(), document.Meta("namespace") ?? "default");

    private static ObjectKey KeyOf(Kind kind, string name, string @namespace) => new(kind, kind.Namespaced ? @namespace : "", name);
}
