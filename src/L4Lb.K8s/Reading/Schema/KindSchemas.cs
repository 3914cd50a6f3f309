using static L4Lb.K8s.Reading.Schema.FieldType;

namespace L4Lb.K8s.Reading.Schema;

/// <summary>
/// The fields of the kinds that are read. Service, EndpointSlice, Endpoints and AddressPool list every field of the API,
/// used here or not, since an unlisted one is reported as unknown; of the others only what is used is listed.
/// </summary>
internal static class KindSchemas
{
    private static readonly StructType s_ownerReference = new(
        "OwnerReference",
        ("apiVersion", Text), ("kind", Text), ("name", Text), ("uid", Named("types.UID")),
        ("controller", Bool), ("blockOwnerDeletion", Bool));

    private static readonly StructType s_managedFieldsEntry = new(
        "ManagedFieldsEntry",
        ("manager", Text), ("operation", Named("v1.ManagedFieldsOperationType")), ("apiVersion", Text), ("time", Time),
        ("fieldsType", Text), ("fieldsV1", Any), ("subresource", Text));

    private static readonly StructType s_objectMeta = new(
        "ObjectMeta",
        ("name", Text), ("generateName", Text), ("namespace", Text), ("selfLink", Text), ("uid", Named("types.UID")),
        ("resourceVersion", Text), ("generation", LongNumber), ("creationTimestamp", Time), ("deletionTimestamp", Time),
        ("deletionGracePeriodSeconds", LongNumber), ("labels", TextMap), ("annotations", TextMap),
        ("ownerReferences", ListOf(s_ownerReference)), ("finalizers", TextList),
        ("managedFields", ListOf(s_managedFieldsEntry)));

    private static readonly StructType s_objectReference = new(
        "ObjectReference",
        ("kind", Text), ("namespace", Text), ("name", Text), ("uid", Named("types.UID")), ("apiVersion", Text),
        ("resourceVersion", Text), ("fieldPath", Text));

    private static readonly StructType s_condition = new(
        "Condition",
        ("type", Text), ("status", Named("v1.ConditionStatus")), ("observedGeneration", LongNumber),
        ("lastTransitionTime", Time), ("reason", Text), ("message", Text));

    private static readonly StructType s_servicePort = new(
        "ServicePort",
        ("name", Text), ("protocol", Named("v1.Protocol")), ("appProtocol", Text), ("port", Number),
        ("targetPort", IntOrString), ("nodePort", Number));

    private static readonly StructType s_serviceSpec = new(
        "ServiceSpec",
        ("ports", ListOf(s_servicePort)), ("selector", TextMap), ("clusterIP", Text), ("clusterIPs", TextList),
        ("type", Named("v1.ServiceType")), ("externalIPs", TextList), ("sessionAffinity", Named("v1.ServiceAffinity")),
        ("loadBalancerIP", Text), ("loadBalancerSourceRanges", TextList), ("externalName", Text),
        ("externalTrafficPolicy", Named("v1.ServiceExternalTrafficPolicy")), ("healthCheckNodePort", Number),
        ("publishNotReadyAddresses", Bool),
        ("sessionAffinityConfig", new StructType(
            "SessionAffinityConfig", ("clientIP", new StructType("ClientIPConfig", ("timeoutSeconds", Number))))),
        ("ipFamilies", ListOf(Named("v1.IPFamily"))), ("ipFamilyPolicy", Named("v1.IPFamilyPolicy")),
        ("allocateLoadBalancerNodePorts", Bool), ("loadBalancerClass", Text),
        ("internalTrafficPolicy", Named("v1.ServiceInternalTrafficPolicy")), ("trafficDistribution", Text));

    private static readonly StructType s_loadBalancerIngress = new(
        "LoadBalancerIngress",
        ("ip", Text), ("hostname", Text), ("ipMode", Named("v1.LoadBalancerIPMode")),
        ("ports", ListOf(new StructType(
            "PortStatus", ("port", Number), ("protocol", Named("v1.Protocol")), ("error", Text)))));

    private static readonly StructType s_serviceStatus = new(
        "ServiceStatus",
        ("loadBalancer", new StructType("LoadBalancerStatus", ("ingress", ListOf(s_loadBalancerIngress)))),
        ("conditions", ListOf(s_condition)));

    private static readonly StructType s_endpointPort = new(
        "EndpointPort",
        ("name", Text), ("port", Number), ("protocol", Named("v1.Protocol")), ("appProtocol", Text));

    private static readonly StructType s_endpointAddress = new(
        "EndpointAddress",
        ("ip", Text), ("hostname", Text), ("nodeName", Text), ("targetRef", s_objectReference));

    private static readonly StructType s_endpointSubset = new(
        "EndpointSubset",
        ("addresses", ListOf(s_endpointAddress)), ("notReadyAddresses", ListOf(s_endpointAddress)),
        ("ports", ListOf(s_endpointPort)));

    private static readonly StructType s_endpointHints = new(
        "EndpointHints",
        ("forZones", ListOf(new StructType("ForZone", ("name", Text)))),
        ("forNodes", ListOf(new StructType("ForNode", ("name", Text)))));

    private static readonly StructType s_endpoint = new(
        "Endpoint",
        ("addresses", TextList),
        ("conditions", new StructType("EndpointConditions", ("ready", Bool), ("serving", Bool), ("terminating", Bool))),
        ("hostname", Text), ("targetRef", s_objectReference), ("deprecatedTopology", TextMap), ("nodeName", Text),
        ("zone", Text), ("hints", s_endpointHints));

    private static readonly StructType s_container = StructType.Open(
        "Container",
        ("ports", ListOf(StructType.Open("ContainerPort", ("name", Text), ("containerPort", Number), ("protocol", Named("v1.Protocol"))))),
        ("restartPolicy", Named("v1.ContainerRestartPolicy")));

    private static readonly FieldType s_labelSelectors = ListOf(new StructType(
        "LabelSelector",
        ("matchLabels", TextMap),
        ("matchExpressions", ListOf(new StructType(
            "LabelSelectorRequirement",
            ("key", Text), ("operator", Named("v1.LabelSelectorOperator")), ("values", TextList))))));

    private static readonly StructType s_addressPoolSpec = new(
        "AddressPoolSpec",
        ("addresses", TextList), ("autoAssign", Bool), ("avoidBuggyIPs", Bool),
        ("serviceAllocation", new StructType(
            "ServiceAllocation",
            ("priority", Number), ("namespaces", TextList), ("namespaceSelectors", s_labelSelectors),
            ("serviceSelectors", s_labelSelectors))));

    private static readonly StructType s_addressPoolStatus = new(
        "AddressPoolStatus",
        ("assignedIPv4", LongNumber), ("availableIPv4", LongNumber), ("assignedIPv6", LongNumber), ("availableIPv6", LongNumber),
        ("conditions", ListOf(s_condition)));

    /// <summary><c>v1</c> Service.</summary>
    public static StructType Service { get; } = Complete("Service", ("spec", s_serviceSpec), ("status", s_serviceStatus));

    /// <summary><c>v1</c> Endpoints.</summary>
    public static StructType Endpoints { get; } = Complete("Endpoints", ("subsets", ListOf(s_endpointSubset)));

    /// <summary><c>discovery.k8s.io/v1</c> EndpointSlice.</summary>
    public static StructType EndpointSlice { get; } = Complete(
        "EndpointSlice",
        ("addressType", Named("v1.AddressType")), ("endpoints", ListOf(s_endpoint)), ("ports", ListOf(s_endpointPort)));

    /// <summary><c>v1</c> Pod, what makes it an endpoint.</summary>
    public static StructType Pod { get; } = StructType.Open(
        "Pod",
        ("metadata", s_objectMeta),
        ("spec", StructType.Open(
            "PodSpec",
            ("nodeName", Text), ("hostname", Text), ("subdomain", Text), ("containers", ListOf(s_container)),
            ("initContainers", ListOf(s_container)))),
        ("status", StructType.Open(
            "PodStatus",
            ("phase", Named("v1.PodPhase")), ("podIP", Text), ("podIPs", ListOf(StructType.Open("PodIP", ("ip", Text)))),
            ("conditions", ListOf(StructType.Open(
                "PodCondition", ("type", Named("v1.PodConditionType")), ("status", Named("v1.ConditionStatus"))))))));

    /// <summary><c>v1</c> Node, its metadata alone.</summary>
    public static StructType Node { get; } = StructType.Open("Node", ("metadata", s_objectMeta));

    /// <summary><c>v1</c> Namespace, its metadata alone.</summary>
    public static StructType Namespace { get; } = StructType.Open("Namespace", ("metadata", s_objectMeta));

    /// <summary><c>l4lb.io/v1alpha1</c> AddressPool; <c>deploy/crd/addresspools.yaml</c> says the same to the API server.</summary>
    public static StructType AddressPool { get; } =
        Complete("AddressPool", ("spec", s_addressPoolSpec), ("status", s_addressPoolStatus));

    private static StructType Complete(string name, params (string Name, FieldType Type)[] fields) =>
        new(name, [("apiVersion", Text), ("kind", Text), ("metadata", s_objectMeta), .. fields]);
}
