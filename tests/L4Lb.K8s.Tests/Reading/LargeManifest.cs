using System.Text;

namespace L4Lb.K8s.Tests.Reading;

/// <summary>Writes manifests of any size: a Service and its EndpointSlice, over and over.</summary>
internal static class LargeManifest
{
    public static string Create(int services, int endpointsPerService)
    {
        var text = new StringBuilder();
        for (var i = 0; i < services; i++)
        {
            AppendService(text, i);
            AppendSlice(text, i, endpointsPerService);
        }

        return text.ToString();
    }

    private static void AppendService(StringBuilder text, int i) => text.Append($"""
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: service-{i}
          namespace: default
          labels:
            app.kubernetes.io/name: service-{i}
        spec:
          type: ClusterIP
          ports:
            - name: http
              protocol: TCP
              port: 80
              targetPort: 8080

        """);

    private static void AppendSlice(StringBuilder text, int i, int endpoints)
    {
        text.Append($"""
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: service-{i}-abcde
              namespace: default
              labels:
                kubernetes.io/service-name: service-{i}
            addressType: IPv4
            ports:
              - name: http
                protocol: TCP
                port: 8080
            endpoints:

            """);
        for (var e = 0; e < endpoints; e++)
        {
            text.Append($"""
                  - addresses: ["10.{i / 250 % 250}.{i % 250}.{e + 1}"]
                    conditions:
                      ready: true
                      serving: true
                      terminating: false
                    nodeName: node-{e}
                    zone: zone-{e % 3}

                """);
        }
    }
}
