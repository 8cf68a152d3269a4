/**
 * How a field's bytes become JSON: a message by name, or a plain value. `bytes` become base64, `time` an RFC 3339
 * text, `quantity` and `intOrString` what their wrappers hold.
 */
export type ProtobufValue =
  | 'string'
  | 'int'
  | 'bool'
  | 'bytes'
  | 'time'
  | 'quantity'
  | 'intOrString'
  | { readonly message: string };

/** One field of a message: its JSON name and how it is written. */
export interface ProtobufField {
  readonly name: string;
  readonly shape: 'one' | 'list' | 'map';
  readonly value: ProtobufValue;
}

type Fields = Readonly<Record<number, ProtobufField>>;

const plain = new Set(['string', 'int', 'bool', 'bytes', 'time', 'quantity', 'intOrString']);

/** `1 metadata:ObjectMeta` one message, `2 []rules:PolicyRule` a list, `3 {}labels:string` a map; `;` between. */
function fields(text: string): Fields {
  return Object.fromEntries(
    text.split(';').map((part): [number, ProtobufField] => {
      const [, number, mark, name = '', type = ''] = /^\s*(\d+) (\[\]|\{\})?(\w+):(\w+)\s*$/.exec(part) ?? [];
      const value = (plain.has(type) ? type : { message: type }) as ProtobufValue;
      return [Number(number), { name, shape: mark === '[]' ? 'list' : mark === '{}' ? 'map' : 'one', value }];
    }),
  );
}

const meta = '1 metadata:ObjectMeta';
const workload = `${meta}; 2 spec:`;

/**
 * Field numbers of what kubectl's `create` commands send, from the generated.proto files of
 * https://github.com/kubernetes/api/tree/release-1.32
 */
export const protobufMessages: Readonly<Record<string, Fields>> = {
  ObjectMeta: fields(
    '1 name:string; 2 generateName:string; 3 namespace:string; 5 uid:string; 6 resourceVersion:string; 11 {}labels:string; 12 {}annotations:string; 13 []ownerReferences:OwnerReference',
  ),
  OwnerReference: fields(
    '1 kind:string; 3 name:string; 4 uid:string; 5 apiVersion:string; 6 controller:bool; 7 blockOwnerDeletion:bool',
  ),
  ConfigMap: fields(`${meta}; 2 {}data:string; 3 {}binaryData:bytes; 4 immutable:bool`),
  Secret: fields(`${meta}; 2 {}data:bytes; 3 type:string; 4 {}stringData:string; 5 immutable:bool`),
  Namespace: fields(meta),
  ServiceAccount: fields(meta),
  Role: fields(`${meta}; 2 []rules:PolicyRule`),
  ClusterRole: fields(`${meta}; 2 []rules:PolicyRule`),
  PolicyRule: fields(
    '1 []verbs:string; 2 []apiGroups:string; 3 []resources:string; 4 []resourceNames:string; 5 []nonResourceURLs:string',
  ),
  RoleBinding: fields(`${meta}; 2 []subjects:Subject; 3 roleRef:RoleRef`),
  ClusterRoleBinding: fields(`${meta}; 2 []subjects:Subject; 3 roleRef:RoleRef`),
  Subject: fields('1 kind:string; 2 apiGroup:string; 3 name:string; 4 namespace:string'),
  RoleRef: fields('1 apiGroup:string; 2 kind:string; 3 name:string'),
  Deployment: fields(`${workload}DeploymentSpec`),
  DeploymentSpec: fields('1 replicas:int; 2 selector:LabelSelector; 3 template:PodTemplateSpec'),
  LabelSelector: fields('1 {}matchLabels:string'),
  Job: fields(`${workload}JobSpec`),
  JobSpec: fields(
    '1 parallelism:int; 2 completions:int; 3 activeDeadlineSeconds:int; 6 template:PodTemplateSpec; 7 backoffLimit:int; 8 ttlSecondsAfterFinished:int',
  ),
  CronJob: fields(`${workload}CronJobSpec`),
  CronJobSpec: fields(
    '1 schedule:string; 2 startingDeadlineSeconds:int; 3 concurrencyPolicy:string; 4 suspend:bool; 5 jobTemplate:JobTemplateSpec',
  ),
  JobTemplateSpec: fields(`${workload}JobSpec`),
  PodTemplateSpec: fields(`${workload}PodSpec`),
  PodSpec: fields(
    '1 []volumes:Volume; 2 []containers:Container; 3 restartPolicy:string; 4 terminationGracePeriodSeconds:int; 6 dnsPolicy:string; 7 {}nodeSelector:string; 8 serviceAccountName:string; 15 []imagePullSecrets:LocalReference; 20 []initContainers:Container',
  ),
  Container: fields(
    '1 name:string; 2 image:string; 3 []command:string; 4 []args:string; 5 workingDir:string; 6 []ports:ContainerPort; 7 []env:EnvVar; 8 resources:Resources; 9 []volumeMounts:VolumeMount; 14 imagePullPolicy:string; 19 []envFrom:EnvFromSource',
  ),
  ContainerPort: fields('1 name:string; 3 containerPort:int; 4 protocol:string'),
  EnvVar: fields('1 name:string; 2 value:string; 3 valueFrom:EnvVarSource'),
  EnvVarSource: fields('1 fieldRef:FieldRef; 3 configMapKeyRef:KeyRef; 4 secretKeyRef:KeyRef'),
  FieldRef: fields('1 apiVersion:string; 2 fieldPath:string'),
  KeyRef: fields('1 named:LocalReference; 2 key:string; 3 optional:bool'),
  EnvFromSource: fields('1 prefix:string; 2 configMapRef:EnvFromRef; 3 secretRef:EnvFromRef'),
  EnvFromRef: fields('1 named:LocalReference; 2 optional:bool'),
  LocalReference: fields('1 name:string'),
  Resources: fields('1 {}limits:quantity; 2 {}requests:quantity'),
  Volume: fields('1 name:string; 2 source:VolumeSource'),
  VolumeSource: fields(
    '2 emptyDir:EmptyDir; 6 secret:SecretVolume; 10 persistentVolumeClaim:ClaimVolume; 19 configMap:ConfigMapVolume',
  ),
  EmptyDir: fields('1 medium:string'),
  SecretVolume: fields('1 secretName:string; 3 defaultMode:int; 4 optional:bool'),
  ClaimVolume: fields('1 claimName:string; 2 readOnly:bool'),
  ConfigMapVolume: fields('1 named:LocalReference; 3 defaultMode:int; 4 optional:bool'),
  VolumeMount: fields('1 name:string; 2 readOnly:bool; 3 mountPath:string; 4 subPath:string'),
  SelfSubjectAccessReview: fields(`${workload}AccessReviewSpec`),
  AccessReviewSpec: fields('1 resourceAttributes:ResourceAttributes; 2 nonResourceAttributes:PathAttributes'),
  ResourceAttributes: fields(
    '1 namespace:string; 2 verb:string; 3 group:string; 4 version:string; 5 resource:string; 6 subresource:string; 7 name:string',
  ),
  PathAttributes: fields('1 path:string; 2 verb:string'),
  SelfSubjectRulesReview: fields(`${workload}RulesReviewSpec`),
  RulesReviewSpec: fields('1 namespace:string'),
  SelfSubjectReview: fields(meta),
  TokenRequest: fields(`${workload}TokenRequestSpec`),
  TokenRequestSpec: fields('1 []audiences:string; 4 expirationSeconds:int'),
  DeleteOptions: fields(
    '1 gracePeriodSeconds:int; 2 preconditions:Preconditions; 4 propagationPolicy:string; 5 []dryRun:string',
  ),
  Preconditions: fields('1 uid:string; 2 resourceVersion:string'),
};

/** Messages whose JSON is part of the object around them. */
export const inlined: ReadonlySet<string> = new Set(['named', 'source']);
